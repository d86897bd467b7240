/// Jinja: `pprint`, values over several lines as Python's pretty printer breaks them.

extension Filters {
  static func pprint(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try none(arguments, "pprint", run)
    var printer = PrettyPrinter()
    try printer.write(value, indent: 0, allowance: 0, level: 0, run)
    return try run.textValue(printer.text)
  }
}

private struct PrettyPrinter {
  private(set) var text = ""
  private let width = 80

  /// `repr` with sorted dicts; Python sorts even what can't be compared, by the name of its type.
  private func repr(_ value: Value, _ run: Run) throws(JinjaError) -> String {
    try run.step()
    try run.enter(5)
    defer { run.leave(5) }
    var parts: [String] = []
    let result: String
    switch value {
    case .dict(let dict):
      for index in try sortedPositions(dict, run) {
        parts.append(
          try repr(dict.keys[index], run) + ": " + (try repr(dict.values[index], run)))
      }
      result = "{" + joined(parts, separator: ", ") + "}"
    case .list(let list):
      for item in list.items { parts.append(try repr(item, run)) }
      result = "[" + joined(parts, separator: ", ") + "]"
    case .tuple(let tuple):
      for item in tuple.items { parts.append(try repr(item, run)) }
      result = "(" + joined(parts, separator: ", ") + (parts.count == 1 ? ",)" : ")")
    default:
      var shown = ""
      try run.writeRepr(value, to: &shown)
      return shown
    }
    try run.allocate(result.utf8.count)
    return result
  }

  private func sortedPositions(_ dict: DictObject, _ run: Run) throws(JinjaError) -> [Int] {
    var keyed: [(key: Value, value: Value)] = []
    for index in 0..<dict.count { keyed.append((dict.keys[index], .int(index))) }
    var sorted: [Value]
    do throws(JinjaError) {
      sorted = try run.sorted(keyed)
    } catch {
      if error.kind == .limit { throw error }
      let named = keyed.map { (key: Value.string($0.key.typeName), value: $0.value) }
      sorted = try run.sorted(named)
    }
    var result: [Int] = []
    for case .int(let index) in sorted { result.append(index) }
    return result
  }

  private mutating func put(_ part: String, _ run: Run) throws(JinjaError) {
    try run.allocate(part.utf8.count)
    text += part
  }

  mutating func write(
    _ value: Value, indent: Int, allowance: Int, level: Int, _ run: Run
  ) throws(JinjaError) {
    try run.enter(5)
    defer { run.leave(5) }
    let shown = try repr(value, run)
    guard shown.scalarCount > width - indent - allowance else { return try put(shown, run) }
    switch value {
    case .dict(let dict) where dict.count > 0:
      try put("{", run)
      let positions = try sortedPositions(dict, run)
      for (place, index) in positions.enumerated() {
        if place > 0 { try put(",\n" + spaces(indent + 1), run) }
        let key = try repr(dict.keys[index], run)
        try put(key + ": ", run)
        try write(
          dict.values[index], indent: indent + 1 + key.scalarCount + 2,
          allowance: place == positions.count - 1 ? allowance + 1 : 1, level: level + 1, run)
      }
      try put("}", run)
    case .list(let list):
      try put("[", run)
      try writeItems(list.items, indent: indent, allowance: allowance + 1, level, run)
      try put("]", run)
    case .tuple(let tuple):
      let end = tuple.items.count == 1 ? ",)" : ")"
      try put("(", run)
      try writeItems(tuple.items, indent: indent, allowance: allowance + end.utf8.count, level, run)
      try put(end, run)
    case .string(let string):
      try writeText(string, indent: indent, allowance: allowance, isTop: level == 0, run)
    default: try put(shown, run)
    }
  }

  private func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

  private mutating func writeItems(
    _ items: [Value], indent: Int, allowance: Int, _ level: Int, _ run: Run
  ) throws(JinjaError) {
    for (index, item) in items.enumerated() {
      if index > 0 { try put(",\n" + spaces(indent + 1), run) }
      try write(
        item, indent: indent + 1, allowance: index == items.count - 1 ? allowance : 1,
        level: level + 1, run)
    }
  }

  /// Long text becomes several literals, one a line, broken behind white space.
  private mutating func writeText(
    _ string: String, indent: Int, allowance: Int, isTop: Bool, _ run: Run
  ) throws(JinjaError) {
    let lines = try run.lines(string, keepsEnds: true)
    guard !lines.isEmpty else { return try put(quoted(string), run) }
    let indent = isTop ? indent + 1 : indent
    let allowance = isTop ? allowance + 1 : allowance
    let room = width - indent
    var chunks: [String] = []
    for (number, line) in lines.enumerated() {
      let isLast = number == lines.count - 1
      let shown = quoted(line)
      if shown.scalarCount <= (isLast ? room - allowance : room) {
        chunks.append(shown)
        continue
      }
      let parts = wordsWithSpace(line)
      var current = ""
      for (index, part) in parts.enumerated() {
        try run.step()
        let limit = isLast && index == parts.count - 1 ? room - allowance : room
        let candidate = current + part
        try run.work(candidate.utf8.count / 16)
        if quoted(candidate).scalarCount > limit {
          if !current.isEmpty { chunks.append(quoted(current)) }
          current = part
        } else {
          current = candidate
        }
      }
      if !current.isEmpty { chunks.append(quoted(current)) }
    }
    if chunks.count == 1 { return try put(chunks[0], run) }
    let isWrapped = isTop
    if isWrapped { try put("(", run) }
    try put(joined(chunks, separator: "\n" + spaces(indent)), run)
    if isWrapped { try put(")", run) }
  }

  private func wordsWithSpace(_ line: String) -> [String] {
    var result: [String] = []
    var current = String.UnicodeScalarView()
    var isInSpace = false
    for scalar in line.unicodeScalars {
      let isSpace = isPythonSpace(scalar.value)
      if isInSpace, !isSpace {
        result.append(String(current))
        current = String.UnicodeScalarView()
      }
      current.append(scalar)
      isInSpace = isSpace
    }
    if !current.isEmpty { result.append(String(current)) }
    return result
  }
}
