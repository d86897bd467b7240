/// Power: the XML that libvirt and vSphere send, piece by piece.

/// A strict reader of a small part of XML 1.0: elements, attributes, text, CDATA, comments, the five
/// named entities and character references. A document type, an unknown entity, an unclosed element
/// or too deep a nesting is an error. Ranges are offsets of bytes, so that a document can be edited
/// where it stands.
struct XMLReader: Sendable {
  enum Event: Equatable, Sendable {
    /// `name` as written, with its prefix. An empty element is a start and an end.
    case start(name: String, attributes: [XMLAttribute])
    case end(name: String)
    case text(String)
  }

  struct Problem: Error, Equatable, Sendable {
    var offset: Int
    var what: String
  }

  static let depthLimit = 64
  static let attributeLimit = 64

  private let bytes: [UInt8]
  private var position = 0
  private var open: [String] = []
  private var pendingEnd: String?
  private var sawRoot = false
  /// The bytes of the event that `next` gave last; for the end of an empty element it is empty.
  private(set) var range = 0..<0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// How many elements are open.
  var depth: Int { open.count }

  /// Nil at the end of a whole document.
  mutating func next() throws(Problem) -> Event? {
    if let name = pendingEnd {
      pendingEnd = nil
      open.removeLast()
      range = position..<position
      return .end(name: name)
    }
    while position < bytes.count {
      let start = position
      if bytes[position] != UInt8(ascii: "<") {
        let text = try readText()
        range = start..<position
        if open.isEmpty {
          guard text.allSatisfy(\.isWhitespace) || text == "\u{feff}" else {
            throw problem("text outside the root element", at: start)
          }
          continue
        }
        return .text(text)
      }
      if skip("<!--") {
        try skipPast("-->")
      } else if skip("<![CDATA[") {
        guard !open.isEmpty else { throw problem("CDATA outside the root element", at: start) }
        let begin = position
        try skipPast("]]>")
        range = start..<position
        return .text(try string(begin..<(position - 3)))
      } else if skip("<?") {
        try skipPast("?>")
      } else if skip("<!") {
        throw problem("a document type", at: start)
      } else if skip("</") {
        return try readEnd(start)
      } else {
        return try readStart(start)
      }
    }
    guard open.isEmpty, sawRoot else { throw problem("the end is missing", at: position) }
    return nil
  }

  private mutating func readEnd(_ start: Int) throws(Problem) -> Event {
    let name = try readName()
    skipSpace()
    guard skip(">"), open.last == name else { throw problem("a wrong end tag", at: start) }
    open.removeLast()
    range = start..<position
    return .end(name: name)
  }

  private mutating func readStart(_ start: Int) throws(Problem) -> Event {
    position += 1
    let name = try readName()
    guard !open.isEmpty || !sawRoot else { throw problem("a second root element", at: start) }
    guard open.count < Self.depthLimit else { throw problem("too deep a nesting", at: start) }
    var attributes: [XMLAttribute] = []
    while true {
      let hadSpace = skipSpace()
      if skip("/>") {
        pendingEnd = name
        break
      }
      if skip(">") { break }
      guard hadSpace, attributes.count < Self.attributeLimit else {
        throw problem("a wrong start tag", at: position)
      }
      attributes.append(try readAttribute())
    }
    guard Set(attributes.map(\.name)).count == attributes.count else {
      throw problem("an attribute twice", at: start)
    }
    sawRoot = true
    open.append(name)
    range = start..<position
    return .start(name: name, attributes: attributes)
  }

  private mutating func readAttribute() throws(Problem) -> XMLAttribute {
    let name = try readName()
    skipSpace()
    guard skip("=") else { throw problem("an attribute without a value", at: position) }
    skipSpace()
    guard position < bytes.count, bytes[position] == 0x22 || bytes[position] == 0x27 else {
      throw problem("an attribute without quotes", at: position)
    }
    let quote = bytes[position]
    let begin = position + 1
    guard let end = bytes[begin...].firstIndex(of: quote) else {
      throw problem("an open attribute", at: position)
    }
    position = end + 1
    guard !bytes[begin..<end].contains(UInt8(ascii: "<")) else {
      throw problem("“<” in an attribute", at: begin)
    }
    return XMLAttribute(name: name, value: try unescape(begin..<end))
  }

  private mutating func readText() throws(Problem) -> String {
    let end = bytes[position...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
    let text = try unescape(position..<end)
    position = end
    return text
  }

  private mutating func readName() throws(Problem) -> String {
    let start = position
    while position < bytes.count, Self.isName(bytes[position], first: position == start) {
      position += 1
    }
    guard position > start, position - start <= 256 else { throw problem("no name", at: start) }
    return try string(start..<position)
  }

  private static func isName(_ byte: UInt8, first: Bool) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "_"), UInt8(ascii: ":"), 0x80...0xff:
      true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."): !first
    default: false
    }
  }

  private func unescape(_ range: Range<Int>) throws(Problem) -> String {
    var result: [UInt8] = []
    var index = range.lowerBound
    while index < range.upperBound {
      guard bytes[index] == UInt8(ascii: "&") else {
        result.append(bytes[index])
        index += 1
        continue
      }
      guard let end = bytes[index..<min(range.upperBound, index + 12)].firstIndex(of: 0x3b) else {
        throw problem("an open entity", at: index)
      }
      let name = try string((index + 1)..<end)
      guard let scalar = Self.entity(name) else { throw problem("an unknown entity", at: index) }
      result.append(contentsOf: Array(String(scalar).utf8))
      index = end + 1
    }
    guard let text = String(validating: result, as: UTF8.self) else {
      throw problem("no UTF-8", at: range.lowerBound)
    }
    return text
  }

  private static func entity(_ name: String) -> Unicode.Scalar? {
    switch name {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard name.first == "#" else { return nil }
      let digits = name.dropFirst()
      let number =
        digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits, radix: 10)
      // XML 1.0 §2.2: no other control characters.
      guard let number, number >= 0x20 || [9, 10, 13].contains(number) else { return nil }
      return Unicode.Scalar(number)
    }
  }

  private func string(_ range: Range<Int>) throws(Problem) -> String {
    guard let text = String(validating: bytes[range], as: UTF8.self) else {
      throw problem("no UTF-8", at: range.lowerBound)
    }
    return text
  }

  @discardableResult private mutating func skipSpace() -> Bool {
    let start = position
    while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) {
      position += 1
    }
    return position > start
  }

  private mutating func skip(_ text: StaticString) -> Bool {
    let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard bytes[position...].starts(with: wanted) else { return false }
    position += wanted.count
    return true
  }

  private mutating func skipPast(_ text: StaticString) throws(Problem) {
    let start = position
    while position < bytes.count {
      if skip(text) { return }
      position += 1
    }
    throw problem("an open “\(text)”", at: start)
  }

  private func problem(_ what: String, at offset: Int) -> Problem {
    Problem(offset: offset, what: what)
  }
}

struct XMLAttribute: Equatable, Sendable {
  var name: String
  var value: String
}
