/// Inventory: JSON text to values (RFC 8259), strictly: order of keys, size of whole numbers and
/// the difference of 1 and 1.0 are kept.

private import Jinja

package struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  /// Python refuses to read longer whole numbers as well.
  private static let maximumDigits = 4000
  private static let maximumDepth = 128

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  package static func value(_ bytes: [UInt8]) throws(JSONMistake) -> JSONValue {
    var parser = JSONParser(bytes)
    return try parser.document()
  }

  /// One object, as hosts and groups are.
  package static func parameters(_ bytes: [UInt8]) throws(JSONMistake) -> Parameters {
    guard case .dict(let parameters) = try value(bytes) else {
      let start = bytes.firstIndex { !Self.isSpace($0) } ?? 0
      throw JSONMistake(expected: "an object in braces", offset: start, in: bytes)
    }
    return parameters
  }

  private mutating func document() throws(JSONMistake) -> JSONValue {
    guard bytes.isValidUTF8 else { throw mistake("text in UTF-8", at: bytes.validUTF8Count) }
    let result = try value()
    skipSpace()
    if position < bytes.count { throw mistake("the end of the text") }
    return result
  }

  // MARK: Values

  private mutating func value() throws(JSONMistake) -> JSONValue {
    skipSpace()
    guard depth < Self.maximumDepth else {
      throw mistake("no deeper than \(Self.maximumDepth) levels")
    }
    depth += 1
    defer { depth -= 1 }
    switch current {
    case UInt8(ascii: "{"): return .dict(try object())
    case UInt8(ascii: "["): return .list(try list())
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t") where take("true"): return .bool(true)
    case UInt8(ascii: "f") where take("false"): return .bool(false)
    case UInt8(ascii: "n") where take("null"): return .null
    case UInt8(ascii: "-")?: return try number()
    case let byte? where (48...57).contains(byte): return try number()
    default: throw mistake("a value")
    }
  }

  private mutating func object() throws(JSONMistake) -> Parameters {
    position += 1
    var result = Parameters()
    skipSpace()
    if take("}") { return result }
    while true {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw mistake("a key in double quotes") }
      let key = try string()
      skipSpace()
      guard take(":") else { throw mistake("a colon") }
      result[key] = try value()
      skipSpace()
      if take("}") { return result }
      guard take(",") else { throw mistake("a comma or }") }
    }
  }

  private mutating func list() throws(JSONMistake) -> [JSONValue] {
    position += 1
    var result: [JSONValue] = []
    skipSpace()
    if take("]") { return result }
    while true {
      result.append(try value())
      skipSpace()
      if take("]") { return result }
      guard take(",") else { throw mistake("a comma or ]") }
    }
  }

  private mutating func number() throws(JSONMistake) -> JSONValue {
    let start = position
    _ = take("-")
    if !take("0") { try digits() }
    var isWhole = true
    if take(".") {
      isWhole = false
      try digits()
    }
    if take("e") || take("E") {
      isWhole = false
      _ = take("+") || take("-")
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole {
      if let number = Int(text) { return .int(number) }
      guard position - start <= Self.maximumDigits, let number = BigInt(text) else {
        throw mistake("a number of at most \(Self.maximumDigits) digits", at: start)
      }
      return .bigInt(number)
    }
    guard let number = Double(text), number.isFinite else {
      throw mistake("a number that fits in 64-bit floating point", at: start)
    }
    return .double(number)
  }

  private mutating func digits() throws(JSONMistake) {
    let start = position
    while let byte = current, (48...57).contains(byte) { position += 1 }
    if position == start { throw mistake("a digit") }
  }

  // MARK: Strings

  private mutating func string() throws(JSONMistake) -> String {
    position += 1
    var text: [UInt8] = []
    var start = position
    while let byte = current {
      switch byte {
      case UInt8(ascii: "\""):
        let rest = bytes[start..<position]
        position += 1
        return String(decoding: text.isEmpty ? rest : text + rest, as: UTF8.self)
      case UInt8(ascii: "\\"):
        text += bytes[start..<position]
        text += try escape()
        start = position
      case ..<0x20: throw mistake("no control character (write it as \\u and four digits)")
      default: position += 1
      }
    }
    throw mistake("a double quote at the end of the string")
  }

  private mutating func escape() throws(JSONMistake) -> [UInt8] {
    position += 1
    guard let letter = current else { throw mistake("an escaped character") }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [letter]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"): return Array(String(Character(try escapedScalar())).utf8)
    default: throw mistake("an escape of JSON", at: position - 1)
    }
  }

  /// RFC 8259 §7: what is beyond the basic plane is written as two halves.
  private mutating func escapedScalar() throws(JSONMistake) -> Unicode.Scalar {
    let start = position
    let first = try hexUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    if first < 0xdc00, take("\\u") {
      let second = try hexUnit()
      if (0xdc00...0xdfff).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (first & 0x3ff) << 10 + (second & 0x3ff))
      {
        return scalar
      }
    }
    throw mistake("a whole character, not half of a surrogate pair", at: start)
  }

  private mutating func hexUnit() throws(JSONMistake) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, byte < 0x80,
        let digit = Character(Unicode.Scalar(byte)).hexDigitValue
      else { throw mistake("four hexadecimal digits") }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }

  // MARK: Bytes

  private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ word: StaticString) -> Bool {
    let length = word.utf8CodeUnitCount
    guard bytes.count - position >= length else { return false }
    let isThere = word.withUTF8Buffer { expected in
      bytes[position..<(position + length)].elementsEqual(expected)
    }
    if isThere { position += length }
    return isThere
  }

  private mutating func skipSpace() {
    while let byte = current, Self.isSpace(byte) { position += 1 }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 32 || byte == 10 || byte == 13 || byte == 9
  }

  private func mistake(_ expected: String, at offset: Int? = nil) -> JSONMistake {
    JSONMistake(expected: expected, offset: offset ?? position, in: bytes)
  }
}

extension [UInt8] {
  var isValidUTF8: Bool { String(validating: self, as: UTF8.self) != nil }

  /// How many bytes from the start are text.
  var validUTF8Count: Int {
    var decoder = UTF8()
    var iterator = makeIterator()
    var count = 0
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      count += UTF8.width(scalar)
    }
    return count
  }
}
