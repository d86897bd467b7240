/// Jinja: JSON text to values, keeping the order of keys and whole numbers of any size.

extension JinjaValue {
  /// RFC 8259. Deeper than 256 levels is refused.
  package init(parsingJSON text: String) throws(JinjaError) {
    var reader = JSONReader(bytes: Array(text.utf8))
    self = try reader.document()
  }
}

private struct JSONReader {
  let bytes: [UInt8]
  var position = 0
  var depth = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func failure(_ expected: String) -> JinjaError {
    let line = 1 + bytes.prefix(position).count { $0 == 10 }
    return JinjaError(
      .syntax, "This is not JSON: expected \(expected) at byte \(position).", template: "JSON",
      line: line)
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 32 || byte == 10 || byte == 13 || byte == 9 { position += 1 }
  }

  mutating func document() throws(JinjaError) -> JinjaValue {
    let result = try value()
    skipSpace()
    if current != nil { throw failure("the end") }
    return result
  }

  private mutating func word(_ text: StaticString) -> Bool {
    let expected = Array(String(describing: text).utf8)
    guard bytes.dropFirst(position).starts(with: expected) else { return false }
    position += expected.count
    return true
  }

  private mutating func value() throws(JinjaError) -> JinjaValue {
    skipSpace()
    guard depth < 256 else { throw failure("no more than 256 levels") }
    depth += 1
    defer { depth -= 1 }
    switch current {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t") where word("true"): return .bool(true)
    case UInt8(ascii: "f") where word("false"): return .bool(false)
    case UInt8(ascii: "n") where word("null"): return .null
    default: return try number()
    }
  }

  private mutating func object() throws(JinjaError) -> JinjaValue {
    position += 1
    var result = JinjaDictionary()
    skipSpace()
    if current == UInt8(ascii: "}") {
      position += 1
      return .dict(result)
    }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw failure("a key in quotes") }
      let key = try string()
      skipSpace()
      guard current == UInt8(ascii: ":") else { throw failure("a colon") }
      position += 1
      result[key] = try value()
      skipSpace()
      let separator = current
      position += 1
      if separator == UInt8(ascii: "}") { return .dict(result) }
      if separator != UInt8(ascii: ",") { throw failure("a comma or }") }
    }
  }

  private mutating func array() throws(JinjaError) -> JinjaValue {
    position += 1
    var result: [JinjaValue] = []
    skipSpace()
    if current == UInt8(ascii: "]") {
      position += 1
      return .list(result)
    }
    while true {
      result.append(try value())
      skipSpace()
      let separator = current
      position += 1
      if separator == UInt8(ascii: "]") { return .list(result) }
      if separator != UInt8(ascii: ",") { throw failure("a comma or ]") }
    }
  }

  private mutating func hexUnit() throws(JinjaError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = digitValue(byte), digit < 16 else {
        throw failure("four hexadecimal digits")
      }
      unit = unit << 4 | digit
      position += 1
    }
    return unit
  }

  private mutating func string() throws(JinjaError) -> String {
    position += 1
    var result: [UInt8] = []
    while let byte = current {
      position += 1
      if byte == UInt8(ascii: "\"") { return String(decoding: result, as: UTF8.self) }
      if byte < 32 { throw failure("no control character in a string") }
      guard byte == UInt8(ascii: "\\") else {
        result.append(byte)
        continue
      }
      guard let escaped = current else { break }
      position += 1
      switch escaped {
      case UInt8(ascii: "n"): result.append(10)
      case UInt8(ascii: "t"): result.append(9)
      case UInt8(ascii: "r"): result.append(13)
      case UInt8(ascii: "b"): result.append(8)
      case UInt8(ascii: "f"): result.append(12)
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(escaped)
      case UInt8(ascii: "u"):
        var unit = try hexUnit()
        if (0xD800..<0xDC00).contains(unit), bytes.dropFirst(position).starts(with: [92, 117]) {
          let mark = position
          position += 2
          let low = try hexUnit()
          if (0xDC00..<0xE000).contains(low) {
            unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
          } else {
            position = mark
          }
        }
        // A lone surrogate is no character; Swift's text can't hold it.
        let scalar = Unicode.Scalar(unit) ?? "\u{FFFD}"
        result.append(contentsOf: String(Character(scalar)).utf8)
      default: throw failure("an escape of JSON")
      }
    }
    throw failure("the closing quote")
  }

  private mutating func number() throws(JinjaError) -> JinjaValue {
    let start = position
    var isWhole = true
    loop: while let byte = current {
      switch byte {
      case 48...57, UInt8(ascii: "-"), UInt8(ascii: "+"): position += 1
      case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"):
        isWhole = false
        position += 1
      default: break loop
      }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    let digits = bytes[start..<position].drop { $0 == UInt8(ascii: "-") }
    let startsWell =
      (digits.first.map { (48...57).contains($0) } ?? false)
      && !(digits.first == 48 && (digits.dropFirst().first.map { (48...57).contains($0) } ?? false))
    guard startsWell, digits.last.map({ (48...57).contains($0) }) ?? false else {
      position = start
      throw failure("a value")
    }
    if isWhole {
      if let value = Int(text) { return .int(value) }
      if text.utf8.count < 4300, let value = BigInt(text) { return .bigInt(value) }
    } else if let value = Double(text) {
      return .double(value)
    }
    position = start
    throw failure("a value")
  }
}
