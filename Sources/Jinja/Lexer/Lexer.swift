/// Jinja: template source to tokens, with Jinja2's rules for white space.

/// Mistakes are tokens too, so that the parser meets them in their place.
struct Lexer {
  let settings: JinjaSettings
  let delimiters: Delimiters
  let source: [UInt8]
  var position = 0
  var line = 1
  var tokens: [Token] = []
  /// Open brackets of the tag that is being read.
  var brackets: [UInt8] = []
  /// Whether the last tag ended with a line break.
  var isLineStart = true

  init(_ text: String, settings: JinjaSettings) {
    self.settings = settings
    delimiters = Delimiters(settings)
    source = Self.normalized(text, keepsTrailing: settings.keepTrailingNewline)
  }

  /// `\r\n` and `\r` are `\n`; one at the end is dropped unless it is to be kept.
  private static func normalized(_ text: String, keepsTrailing: Bool) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count)
    var previous: UInt8 = 0
    for byte in text.utf8 {
      if byte == 13 {
        result.append(10)
      } else if byte != 10 || previous != 13 {
        result.append(byte)
      }
      previous = byte
    }
    if !keepsTrailing, result.last == 10 { result.removeLast() }
    return result
  }

  static func tokenize(_ text: String, settings: JinjaSettings) -> [Token] {
    var lexer = Lexer(text, settings: settings)
    lexer.readRoot()
    lexer.tokens.append(Token(kind: .end, line: lexer.line))
    return lexer.tokens
  }

  /// An expression alone, without delimiters.
  static func tokenize(expression text: String, settings: JinjaSettings) -> [Token] {
    var lexer = Lexer(text, settings: settings)
    lexer.readTag(until: nil)
    lexer.tokens.append(Token(kind: .end, line: lexer.line))
    return lexer.tokens
  }

  // MARK: Reading

  var isAtEnd: Bool { position >= source.count }

  func byte(at index: Int) -> UInt8 { index >= 0 && index < source.count ? source[index] : 0 }

  func matches(_ marker: [UInt8], at index: Int) -> Bool {
    guard index + marker.count <= source.count else { return false }
    for offset in marker.indices where source[index + offset] != marker[offset] { return false }
    return true
  }

  /// The index after white space of any kind.
  func skippingSpace(from index: Int) -> Int {
    var index = index
    while index < source.count {
      let (width, isSpace) = space(at: index)
      guard isSpace else { break }
      index += width
    }
    return index
  }

  /// The width of the scalar at an index, and whether it is white space.
  func space(at index: Int) -> (width: Int, isSpace: Bool) {
    let (value, width) = scalar(at: index)
    return (width, isPythonSpace(value))
  }

  func scalar(at index: Int) -> (value: UInt32, width: Int) {
    let first = source[index]
    if first < 0x80 { return (UInt32(first), 1) }
    let width = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2
    var value = UInt32(first) & (0xFF >> UInt32(width + 1))
    for offset in 1..<width { value = value << 6 | UInt32(byte(at: index + offset) & 0x3F) }
    return (value, width)
  }

  func text(_ range: Range<Int>) -> String { String(decoding: source[range], as: UTF8.self) }

  func newlines(in range: Range<Int>) -> Int { source[range].count { $0 == 10 } }

  /// Moves on and counts the lines.
  mutating func advance(to index: Int) {
    line += newlines(in: position..<index)
    position = index
  }

  mutating func emit(_ kind: Token.Kind, _ text: String = "") {
    tokens.append(Token(kind: kind, line: line, text: text))
  }

  mutating func fail(_ message: String) {
    tokens.append(Token(kind: .failure, line: line, text: message))
    position = source.count
  }
}
