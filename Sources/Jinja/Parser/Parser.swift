/// Jinja: tokens to a tree. The grammar and its oddities are those of Jinja2's parser.

struct Parser {
  let settings: JinjaSettings
  let limits: JinjaLimits
  let template: String
  private let tokens: [Token]
  private var index = 0
  /// The tags that would be accepted next, outermost first, and the tags that are open.
  var expectedTags: [[String]] = []
  var openTags: [String] = []
  /// Recursion of the parser itself, and the height of the tree that it made last.
  private var nesting = 0
  var height = 1

  init(
    _ tokens: [Token], template: String, settings: JinjaSettings, limits: JinjaLimits
  ) {
    self.tokens = tokens
    self.template = template
    self.settings = settings
    self.limits = limits
  }

  // MARK: Tokens

  private static let end = Token(kind: .end, line: 1)

  var current: Token { index < tokens.count ? tokens[index] : tokens.last ?? Self.end }

  var following: Token { index + 1 < tokens.count ? tokens[index + 1] : tokens.last ?? Self.end }

  mutating func start() throws(JinjaError) { try refuseMistake(current) }

  private func refuseMistake(_ token: Token) throws(JinjaError) {
    if token.kind == .failure { throw failure(token.text, line: token.line) }
  }

  /// Moves on and answers the token that was current.
  @discardableResult
  mutating func advance() throws(JinjaError) -> Token {
    let token = current
    if index < tokens.count { index += 1 }
    try refuseMistake(current)
    return token
  }

  mutating func skip(_ kind: Token.Kind) throws(JinjaError) -> Bool {
    guard current.kind == kind else { return false }
    try advance()
    return true
  }

  mutating func skip(word: String) throws(JinjaError) -> Bool {
    guard current.isName(word) else { return false }
    try advance()
    return true
  }

  @discardableResult
  mutating func expect(_ kind: Token.Kind) throws(JinjaError) -> Token {
    if current.kind == kind { return try advance() }
    throw unexpected(kind.rawValue)
  }

  mutating func expect(word: String) throws(JinjaError) {
    guard try skip(word: word) else { throw unexpected(word) }
  }

  private func unexpected(_ expected: String) -> JinjaError {
    if current.kind == .end {
      return failure("unexpected end of template, expected '\(expected)'.")
    }
    return failure("expected token '\(expected)', got '\(current.description)'")
  }

  func failure(_ message: String, line: Int? = nil) -> JinjaError {
    JinjaError(.syntax, message, template: template, line: line ?? current.line)
  }

  // MARK: Bounds

  mutating func nest() throws(JinjaError) {
    nesting += 1
    if nesting > limits.parenthesisNesting {
      throw failure("The expression is nested deeper than \(limits.parenthesisNesting) levels.")
    }
  }

  mutating func unnest() { nesting -= 1 }

  mutating func setHeight(_ newHeight: Int) throws(JinjaError) {
    height = newHeight
    if height > limits.expressionNesting {
      throw failure(
        "The expression has more than \(limits.expressionNesting) operations in a chain.")
    }
  }

  // MARK: Ends of the template

  mutating func wholeTemplate() throws(JinjaError) -> [Statement] {
    try start()
    return try statements(until: nil)
  }

  mutating func wholeExpression() throws(JinjaError) -> Expression {
    try start()
    let result = try expression()
    guard current.kind == .end else { throw failure("chunk after expression") }
    return result
  }

  func unknownTag(_ name: String?, line: Int) -> JinjaError {
    var message = name.map { "Encountered unknown tag '\($0)'." } ?? "Unexpected end of template."
    if let innermost = expectedTags.last {
      let looked = joined(innermost.map { "'\($0)'" }, separator: " or ")
      if let name, expectedTags.contains(where: { $0.contains(name) }) {
        message +=
          " You probably made a nesting mistake. Jinja is expecting this tag,"
          + " but currently looking for \(looked)."
      } else {
        message += " Jinja was looking for the following tags: \(looked)."
      }
    }
    if let open = openTags.last {
      message += " The innermost block that needs to be closed is '\(open)'."
    }
    return failure(message, line: line)
  }
}
