/// Jinja: filters for HTML, XML and URLs.

extension Filters {
  static func escape(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try none(arguments, "escape", run)
    return try run.escaped(value)
  }

  static func forceescape(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try none(arguments, "forceescape", run)
    return try run.escaped(.string(try run.string(value)))
  }

  static func safe(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try none(arguments, "safe", run)
    return .markup(try run.string(value))
  }

  static func striptags(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try none(arguments, "striptags", run)
    return try run.textValue(try run.withoutTags(try run.string(value)))
  }

  static func urlencode(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try none(arguments, "urlencode", run)
    let isIterable = try run.cursorIfIterable(value) != nil
    if value.text != nil || !isIterable {
      let text = try run.string(value)
      try run.allocate(text.utf8.count, times: 3)
      return .string(percentEncoded(text, isQuery: false))
    }
    var result = ""
    var pairs = value
    if case .dict(let dict) = value { pairs = .object(DictViewObject(.items, of: dict, run)) }
    var cursor = try run.cursor(pairs)
    while let pair = try cursor.next(run) {
      try run.step()
      let items = try run.array(pair)
      guard items.count == 2 else {
        throw run.failure(.value, "expected pairs, got \(items.count) values")
      }
      let (key, item) = (try run.string(items[0]), try run.string(items[1]))
      try run.allocate(key.utf8.count + item.utf8.count + 1, times: 3)
      if !result.isEmpty { result += "&" }
      result += percentEncoded(key, isQuery: true) + "=" + percentEncoded(item, isQuery: true)
    }
    return .string(result)
  }

  static func xmlattr(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(["autospace"], for: "filter 'xmlattr'", run)
    try run.refuseUndefined(value)
    guard case .dict(let dict) = value else {
      throw run.failure(.lookup, "'\(value.typeName)' object has no attribute 'items'")
    }
    var parts: [String] = []
    for index in 0..<dict.count {
      let item = dict.values[index]
      if item.isNone || item.isUndefined { continue }
      guard let name = dict.keys[index].text else {
        throw run.failure(.type, "expected string or bytes-like object")
      }
      let isBroken = name.utf8.contains { byte in
        (9...13).contains(byte) || [32, 47, 62, 61].contains(byte)
      }
      guard !isBroken else {
        throw run.failure(.value, "Invalid character in attribute name: \(quoted(name))")
      }
      let key = try run.string(try run.escaped(dict.keys[index]))
      parts.append("\(key)=\"\(try run.string(try run.escaped(item)))\"")
      try run.allocate(key.utf8.count)
    }
    var result = joined(parts, separator: " ")
    if try run.flag(bound[0], otherwise: true), !result.isEmpty { result = " " + result }
    return run.autoescape ? .markup(result) : .string(result)
  }
}

extension Run {
  /// MarkupSafe's `striptags`: comments, then tags; runs of white space become one space.
  func withoutTags(_ text: String) throws(JinjaError) -> String {
    try work(text.utf8.count / 4)
    let source = try without(Array(text.utf8), from: "<!--", to: "-->")
    let plain = try without(source, from: "<", to: ">")
    let words = try splitBySpace(
      String(decoding: plain, as: UTF8.self), limit: -1, fromRight: false)
    return try unescapedHTML(joined(words, separator: " "))
  }

  /// Every removal can make a new opening out of what stood on its two sides.
  private func without(
    _ text: [UInt8], from open: String, to close: String
  ) throws(JinjaError) -> [UInt8] {
    let (open, close) = (Array(open.utf8), Array(close.utf8))
    var text = text
    var searched = 0
    while let start = try find(open, in: text, from: searched) {
      guard let end = try find(close, in: text, from: start) else { break }
      try work((text.count - end) / 16 + 1)
      text.removeSubrange(start..<(end + close.count))
      searched = Swift.max(0, start - open.count)
    }
    return text
  }

  /// The entities that escaping makes, the common named ones, and numbers.
  func unescapedHTML(_ text: String) throws(JinjaError) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    let named: [String: Unicode.Scalar] = [
      "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
      "copy": "\u{A9}", "reg": "\u{AE}", "hellip": "\u{2026}", "mdash": "\u{2014}",
      "ndash": "\u{2013}", "raquo": "\u{BB}", "laquo": "\u{AB}",
    ]
    let scalars = text.scalarArray
    var result = String.UnicodeScalarView()
    var index = 0
    while index < scalars.count {
      if scalars[index] == "&",
        let end = scalars[index...].prefix(12).firstIndex(of: ";")
      {
        let name = String(scalars[(index + 1)..<end])
        var scalar = named[name]
        if name.hasPrefix("#") {
          let digits = String(name.unicodeScalars.dropFirst())
          let isHex = digits.hasPrefix("x") || digits.hasPrefix("X")
          let code =
            isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
          scalar = code.map { Unicode.Scalar($0) ?? "\u{FFFD}" }
        }
        if let scalar {
          result.append(scalar)
          index = end + 1
          continue
        }
      }
      result.append(scalars[index])
      index += 1
    }
    return String(result)
  }
}
