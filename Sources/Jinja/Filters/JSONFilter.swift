/// Jinja: `tojson`, JSON that is also safe inside HTML.

extension Filters {
  static func tojson(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    let bound = try arguments.bind(["indent"], for: "filter 'tojson'", run)
    var indent: String?
    if let given = bound[0], !given.isNone {
      if let text = given.text {
        indent = text
      } else {
        let width = Swift.max(0, try run.whole(given))
        try run.allocate(width)
        indent = String(repeating: " ", count: width)
      }
    }
    var writer = JSONWriter(indent: indent)
    try writer.write(value, run)
    return true
  }
}

/// `json.dumps` with sorted keys, ASCII only; `<`, `>`, `&` and `'` as escapes.
private struct JSONWriter {
  let indent: String?
  private var level = 0

  init(indent: String?) { self.indent = indent }

  private mutating func put(_ part: String, _ run: Run) throws(JinjaError) {
    try run.allocate(part.utf8.count)
    run.output.append(part)
  }

  private mutating func newline(_ run: Run) throws(JinjaError) {
    guard let indent else { return }
    try run.allocate(level, times: indent.utf8.count + 1)
    run.output.append(UInt8(ascii: "\n"))
    for _ in 0..<level { run.output.append(indent) }
  }

  mutating func write(_ value: Value, _ run: Run) throws(JinjaError) {
    try run.step()
    switch value {
    case .null: try put("null", run)
    case .bool(let flag): try put(flag ? "true" : "false", run)
    case .int(let number): run.output.append(number)
    case .big(let number): try put(number.description, run)
    case .double(let number): try put(Self.number(number), run)
    case .string(let string), .markup(let string): try put(quoting: string, run)
    case .list(let list): try array(list, list.items, run)
    case .tuple(let tuple): try array(tuple, tuple.items, run)
    case .dict(let dict): try object(dict, run)
    case .missing, .undefined, .object:
      throw run.failure(.type, "Object of type \(value.typeName) is not JSON serializable")
    }
  }

  private mutating func open(_ object: Object, _ run: Run) throws(JinjaError) {
    let identity = ObjectIdentifier(object)
    guard !run.printing.contains(identity) else {
      throw run.failure(.value, "Circular reference detected")
    }
    run.printing.append(identity)
    try run.enter(5)
    level += 1
  }

  private mutating func close(_ run: Run) {
    run.printing.removeLast()
    run.leave(5)
    level -= 1
  }

  private mutating func array(
    _ object: Object, _ items: [Value], _ run: Run
  ) throws(JinjaError) {
    guard !items.isEmpty else { return try put("[]", run) }
    try open(object, run)
    try put("[", run)
    for (index, item) in items.enumerated() {
      if index > 0 { try put(indent == nil ? ", " : ",", run) }
      try newline(run)
      try write(item, run)
    }
    close(run)
    try newline(run)
    try put("]", run)
  }

  private mutating func object(_ dict: DictObject, _ run: Run) throws(JinjaError) {
    guard dict.count > 0 else { return try put("{}", run) }
    try open(dict, run)
    try put("{", run)
    let (keys, values) = (dict.keys, dict.values)
    for (position, index) in try order(keys, run).enumerated() {
      if position > 0 { try put(indent == nil ? ", " : ",", run) }
      try newline(run)
      try put(quoting: try key(keys[index], run), run)
      try put(": ", run)
      try write(values[index], run)
    }
    close(run)
    try newline(run)
    try put("}", run)
  }

  /// The places of the keys, sorted.
  private func order(_ keys: [Value], _ run: Run) throws(JinjaError) -> [Int] {
    if keys.allSatisfy({ $0.text != nil }) {
      try run.work(keys.count)
      return keys.indices.sorted { textOrder(keys[$0].text ?? "", keys[$1].text ?? "") < 0 }
    }
    var keyed: [(key: Value, value: Value)] = []
    keyed.reserveCapacity(keys.count)
    for index in keys.indices { keyed.append((keys[index], .int(index))) }
    return try run.sorted(keyed).compactMap { entry in
      if case .int(let index) = entry { index } else { nil }
    }
  }

  private func key(_ value: Value, _ run: Run) throws(JinjaError) -> String {
    switch value {
    case .string(let text), .markup(let text): return text
    case .null: return "null"
    case .bool(let flag): return flag ? "true" : "false"
    case .int, .big: return try run.string(value)
    case .double(let number): return Self.number(number)
    default:
      throw run.failure(
        .type, "keys must be str, int, float, bool or None, not \(value.typeName)")
    }
  }

  private static func number(_ number: Double) -> String {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    return floatText(number)
  }

  private func put(quoting text: String, _ run: Run) throws(JinjaError) {
    try run.allocate(text.utf8.count)
    let output = run.output
    output.append(UInt8(ascii: "\""))
    let mark = output.count
    if !output.append(ascii: text, { $0 }) || output.contains(from: mark, Self.isSpecial) {
      output.drop(from: mark)
      try run.allocate(text.utf8.count, times: 5)
      for scalar in text.unicodeScalars { output.append(Self.escaped(scalar)) }
    }
    output.append(UInt8(ascii: "\""))
  }

  /// Whether a byte of ASCII can't stand for itself.
  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "&"), UInt8(ascii: "'"):
      return true
    default: return byte < 32 || byte == 127
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    case "\u{8}": return "\\b"
    case "\u{C}": return "\\f"
    case "<", ">", "&", "'": return "\\u" + hexDigits(scalar.value, width: 4)
    default:
      if scalar.value >= 32, scalar.value < 127 { return String(Character(scalar)) }
      var result = ""
      for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
        result += "\\u" + hexDigits(UInt32(unit), width: 4)
      }
      return result
    }
  }
}
