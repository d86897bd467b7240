/// Jinja: filters for sequences: ends, lengths, joining, cutting, adding up.

extension Filters {
  static func length(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try none(arguments, "length", run)
    return .int(try run.length(value))
  }

  static func first(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try none(arguments, "first", run)
    var cursor = try run.cursor(value)
    return try cursor.next(run) ?? .undefined(Undefined("No first item, sequence was empty."))
  }

  static func last(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try none(arguments, "last", run)
    guard var cursor = try run.reversedCursor(value) else {
      throw run.failure(.type, "'\(value.typeName)' object is not reversible")
    }
    return try cursor.next(run) ?? .undefined(Undefined("No last item, sequence was empty."))
  }

  static func list(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try none(arguments, "list", run)
    return try run.list(try run.array(value))
  }

  static func items(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try none(arguments, "items", run)
    var cursor = Cursor.empty
    var isStarted = false
    return .object(
      IteratorObject(run) { (run) throws(JinjaError) -> Value? in
        if !isStarted {
          isStarted = true
          if case .undefined = value { return nil }
          guard case .dict(let dict) = value else {
            throw run.failure(.type, "Can only get item pairs from a mapping.")
          }
          cursor = .entries(.items, dict, 0, count: dict.count, isReversed: false)
        }
        return try cursor.next(run)
      })
  }

  static func reverse(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try none(arguments, "reverse", run)
    if let text = value.text { return try run.like(value, String(text.scalarArray.reversed())) }
    if let cursor = try run.reversedCursor(value) { return .object(IteratorObject(cursor, run)) }
    guard try run.cursorIfIterable(value) != nil else {
      throw run.failure(.argument, "argument must be iterable")
    }
    return try run.list(try run.array(value).reversed())
  }

  static func join(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Bool {
    let bound = try arguments.bind(["d", "attribute"], most: 2, for: "filter 'join'", run)
    let separator = bound[0] ?? .string("")
    if case .list(let list) = value, bound[1] == nil, !run.autoescape, let between = separator.text
    {
      try plainJoin(list.items, between, run)
      return false
    }
    var getter = AttributePath()
    if let attribute = bound[1], !attribute.isNone {
      getter = try AttributePath(attribute, run)
    }
    var parts: [Value] = []
    var cursor = try run.cursor(value)
    while let item = try cursor.next(run) {
      try run.step()
      try run.allocate(24)
      parts.append(try getter.value(of: item, run))
    }
    let isSafe =
      run.autoescape && (separator.isMarkup || parts.contains { $0.isMarkup })
    var between = try run.string(separator)
    if isSafe, !separator.isMarkup { between = htmlEscaped(between) }
    for (index, part) in parts.enumerated() {
      var text = try run.string(part)
      if isSafe, !part.isMarkup { text = htmlEscaped(text) }
      try run.allocate(text.utf8.count + between.utf8.count)
      if index > 0 { run.output.append(between) }
      run.output.append(text)
    }
    return isSafe
  }

  private static func plainJoin(
    _ items: [Value], _ separator: String, _ run: Run
  ) throws(JinjaError) {
    var counted = run.output.count
    try run.work(items.count)
    for index in items.indices {
      if index > 0 { run.output.append(separator) }
      switch items[index] {
      case .string(let text), .markup(let text): run.output.append(text)
      case .int(let number): run.output.append(number)
      case let other: run.output.append(try run.string(other))
      }
      let written = run.output.count - counted
      if written > 1 << 16 {
        try run.allocate(written)
        counted += written
      }
    }
  }

  static func slice(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(
      ["slices", "fill_with"], required: 1, for: "filter 'slice'", run)
    let fill = bound[1] ?? .null
    var items: [Value] = []
    var (number, offset, slices) = (0, 0, -1)
    return .object(
      IteratorObject(run) { (run) throws(JinjaError) -> Value? in
        if slices < 0 {
          items = try run.array(value)
          let count = try run.whole(bound[0] ?? .null)
          guard count != 0 else {
            throw run.failure(.zeroDivision, "integer division or modulo by zero")
          }
          slices = Swift.max(0, count)
        }
        guard number < slices else { return nil }
        let (size, extra) = (items.count / slices, items.count % slices)
        let start = offset + number * size
        if number < extra { offset += 1 }
        let end = offset + (number + 1) * size
        var part = Array(items[start..<end])
        if !fill.isNone, number >= extra { part.append(fill) }
        number += 1
        return try run.list(part)
      })
  }

  static func batch(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(
      ["linecount", "fill_with"], required: 1, for: "filter 'batch'", run)
    let fill = bound[1] ?? .null
    let size = bound[0] ?? .null
    var cursor: Cursor?
    var pending: Value?
    return .object(
      IteratorObject(run) { (run) throws(JinjaError) -> Value? in
        var source: Cursor
        if let cursor { source = cursor } else { source = try run.cursor(value) }
        defer { cursor = source }
        var part: [Value] = pending.map { [$0] } ?? []
        pending = nil
        while let item = try source.next(run) {
          try run.step()
          if try run.isEqual(.int(part.count), size) {
            pending = item
            return try run.list(part)
          }
          try run.allocate(24)
          part.append(item)
        }
        guard !part.isEmpty else { return nil }
        if !fill.isNone {
          let missing = try run.whole(size) &- part.count
          if missing > 0 {
            try run.allocate(missing, times: 24)
            part += [Value](repeating: fill, count: missing)
          }
        }
        return try run.list(part)
      })
  }

  static func sum(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(["attribute", "start"], for: "filter 'sum'", run)
    var getter = AttributePath()
    if let attribute = bound[0], !attribute.isNone { getter = try AttributePath(attribute, run) }
    var result = bound[1] ?? .int(0)
    if result.text != nil {
      throw run.failure(.type, "sum() can't sum strings [use ''.join(seq) instead]")
    }
    var cursor = try run.cursor(value)
    while let item = try cursor.next(run) {
      try run.step()
      result = try run.arithmetic(.add, result, try getter.value(of: item, run))
    }
    return result
  }

  static func min(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value { try extreme(run, value, arguments, isMaximum: false) }

  static func max(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value { try extreme(run, value, arguments, isMaximum: true) }

  private static func extreme(
    _ run: Run, _ value: Value, _ arguments: Arguments, isMaximum: Bool
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(
      ["case_sensitive", "attribute"], for: isMaximum ? "filter 'max'" : "filter 'min'", run)
    var getter = try AttributePath(bound[1] ?? .null, run)
    getter.ignoresCase = !(try run.flag(bound[0]))
    var cursor = try run.cursor(value)
    guard var best = try cursor.next(run) else {
      return .undefined(Undefined("No aggregated item, sequence was empty."))
    }
    var bestKey = try getter.value(of: best, run)
    while let item = try cursor.next(run) {
      try run.step()
      let key = try getter.value(of: item, run)
      if isMaximum
        ? try run.compare(.greater, key, bestKey) : try run.compare(.less, key, bestKey)
      {
        (best, bestKey) = (item, key)
      }
    }
    return best
  }
}

extension Run {
  /// `reversed(value)`; nil where Python can't.
  func reversedCursor(_ value: Value) throws(JinjaError) -> Cursor? {
    switch value {
    case .list(let list): return .reversedList(list, list.items.count - 1)
    case .tuple(let tuple): return .array(tuple.items.reversed(), 0)
    case .string(let text), .markup(let text):
      return .text(String(text.scalarArray.reversed()).unicodeScalars.makeIterator())
    case .dict(let dict): return .entries(.keys, dict, 0, count: dict.count, isReversed: true)
    case .undefined(let undefined):
      try refuseIfStrict(undefined)
      return .empty
    case .object(let object):
      if let view = object as? DictViewObject {
        return .entries(view.kind, view.dict, 0, count: view.dict.count, isReversed: true)
      }
      guard let range = object as? RangeObject else { return nil }
      guard range.count > 0, range.step != .min,
        let reversed = RangeObject(
          start: range.element(range.count - 1), stop: range.start &- range.step.signum(),
          step: -range.step, self)
      else { return .empty }
      return .range(reversed, 0)
    default: return nil
    }
  }
}
