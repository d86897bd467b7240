/// Jinja: text, print tags and the statements that hold others.

extension Parser {
  mutating func statements(until ends: [String]?) throws(JinjaError) -> [Statement] {
    if let ends { expectedTags.append(ends) }
    defer { if ends != nil { expectedTags.removeLast() } }
    guard openTags.count <= limits.statementNesting else {
      throw failure("Statements are nested deeper than \(limits.statementNesting) levels.")
    }
    var result: [Statement] = []
    var pieces: [Statement.Piece] = []
    var pieceLine = 1
    func flush() {
      if !pieces.isEmpty { result.append(.output(pieces, line: pieceLine)) }
      pieces = []
    }
    while current.kind != .end {
      let token = current
      if pieces.isEmpty { pieceLine = token.line }
      switch token.kind {
      case .data:
        try advance()
        pieces.append(.text(token.text))
      case .variableBegin:
        try advance()
        let line = current.line
        pieces.append(.expression(try tuple(), line: line))
        try expect(.variableEnd)
      case .blockBegin:
        flush()
        try advance()
        if let ends, current.kind == .name, ends.contains(current.text) { return result }
        result.append(try statement())
        try expect(.blockEnd)
      default: throw failure("unexpected '\(token.description)'")
      }
    }
    flush()
    return result
  }

  /// The body of a tag: from its end to one of the closing tags, whose name is then current.
  private mutating func body(until ends: String...) throws(JinjaError) -> [Statement] {
    _ = try skip(.colon)
    try expect(.blockEnd)
    let result = try statements(until: ends)
    if current.kind == .end {
      expectedTags.append(ends)
      throw unknownTag(nil, line: current.line)
    }
    return result
  }

  private mutating func closedBody(_ end: String) throws(JinjaError) -> [Statement] {
    let result = try body(until: end)
    try advance()
    return result
  }

  private mutating func statement() throws(JinjaError) -> Statement {
    let token = current
    guard token.kind == .name else { throw failure("tag name expected", line: token.line) }
    let line = token.line
    guard
      Self.tags.contains(token.text) || settings.allowsDo && token.text == "do"
        || settings.allowsLoopControls && ["break", "continue"].contains(token.text)
    else { throw unknownTag(token.text, line: line) }
    openTags.append(token.text)
    try advance()
    let result = try tag(token.text, line)
    openTags.removeLast()
    return result
  }

  private static let tags: Set<String> = [
    "for", "if", "block", "extends", "print", "macro", "include", "from", "import", "set", "with",
    "autoescape", "call", "filter",
  ]

  private mutating func tag(_ name: String, _ line: Int) throws(JinjaError) -> Statement {
    switch name {
    case "for": return try forLoop(line)
    case "if": return try condition(line)
    case "block": return try block(line)
    case "extends": return .extends(try expression(), line: line)
    case "print": return try print(line)
    case "macro": return try macro(line)
    case "include": return try include(line)
    case "from": return try fromImport(line)
    case "import": return try importModule(line)
    case "set": return try set(line)
    case "with": return try with(line)
    case "autoescape": return try autoescape(line)
    case "call": return try callBlock(line)
    case "filter": return try filterBlock(line)
    case "do": return .evaluate(try tuple(), line: line)
    case "break": return .breakLoop(line: line)
    default: return .continueLoop(line: line)
    }
  }

  private mutating func forLoop(_ line: Int) throws(JinjaError) -> Statement {
    let target = try target()
    try expect(word: "in")
    let sequence = try tuple(conditional: false)
    let test = try skip(word: "if") ? try expression() : nil
    let isRecursive = try skip(word: "recursive")
    let main = try body(until: "endfor", "else")
    let otherwise = try advance().text == "endfor" ? [] : try closedBody("endfor")
    return .forLoop(
      .init(
        target: target, sequence: sequence, test: test, isRecursive: isRecursive, body: main,
        otherwise: otherwise), line: line)
  }

  private mutating func condition(_ line: Int) throws(JinjaError) -> Statement {
    var branches: [(test: Expression, body: [Statement])] = []
    var otherwise: [Statement] = []
    while true {
      let test = try tuple(conditional: false)
      branches.append((test, try body(until: "elif", "else", "endif")))
      let token = try advance()
      if token.isName("elif") { continue }
      if token.isName("else") { otherwise = try closedBody("endif") }
      return .condition(branches, otherwise: otherwise, line: line)
    }
  }

  private mutating func block(_ line: Int) throws(JinjaError) -> Statement {
    let name = try expect(.name).text
    let isScoped = try skip(word: "scoped")
    let isRequired = try skip(word: "required")
    if current.kind == .sub {
      throw failure(
        "Block names in Jinja have to be valid Python identifiers and may not contain hyphens,"
          + " use an underscore instead.")
    }
    let body = try closedBody("endblock")
    if isRequired {
      for statement in body {
        guard case .output(let pieces, _) = statement,
          pieces.allSatisfy({
            if case .text(let text) = $0 {
              text.unicodeScalars.allSatisfy { isPythonSpace($0.value) }
            } else {
              false
            }
          })
        else { throw failure("Required blocks can only contain comments or whitespace") }
      }
    }
    _ = try skip(word: name)
    return .block(
      .init(name: name, isScoped: isScoped, isRequired: isRequired, body: body), line: line)
  }

  private mutating func print(_ line: Int) throws(JinjaError) -> Statement {
    var pieces: [Statement.Piece] = []
    while current.kind != .blockEnd {
      if !pieces.isEmpty { try expect(.comma) }
      let line = current.line
      pieces.append(.expression(try expression(), line: line))
    }
    return .output(pieces, line: line)
  }

  private mutating func with(_ line: Int) throws(JinjaError) -> Statement {
    var assignments: [(target: Statement.Target, value: Expression)] = []
    while current.kind != .blockEnd {
      if !assignments.isEmpty { try expect(.comma) }
      let target = try target()
      try expect(.assign)
      assignments.append((target, try expression()))
    }
    return .with(assignments, body: try closedBody("endwith"), line: line)
  }

  private mutating func autoescape(_ line: Int) throws(JinjaError) -> Statement {
    let mode = try expression()
    return .autoescape(mode, body: try closedBody("endautoescape"), line: line)
  }

  private mutating func filterBlock(_ line: Int) throws(JinjaError) -> Statement {
    let filter = try filterChain()
    return .filterBlock(filter, body: try closedBody("endfilter"), line: line)
  }

  mutating func endedBody(_ end: String) throws(JinjaError) -> [Statement] {
    try closedBody(end)
  }
}
