/// Jinja: what follows a value: attributes, items, slices, calls, filters and tests.

extension Parser {
  mutating func postfix(_ node: Expression) throws(JinjaError) -> Expression {
    var node = node
    while true {
      switch current.kind {
      case .dot, .leftBracket: node = try subscripted(node)
      case .leftParenthesis: node = try call(node)
      default: return node
      }
    }
  }

  mutating func filtered(_ node: Expression) throws(JinjaError) -> Expression {
    var node = node
    while true {
      if current.kind == .pipe {
        try advance()
        node = try filter(node)
      } else if current.isName("is") {
        node = try test(node)
      } else if current.kind == .leftParenthesis {
        node = try call(node)
      } else {
        return node
      }
    }
  }

  private mutating func subscripted(_ node: Expression) throws(JinjaError) -> Expression {
    let token = try advance()
    let tallest = height
    if token.kind == .dot {
      let attribute = try advance()
      try setHeight(tallest + 1)
      switch attribute.kind {
      case .name: return .attribute(node, attribute.text, line: token.line)
      case .integer:
        guard let index = Int(attribute.text) else {
          throw failure("expected name or number", line: attribute.line)
        }
        return .item(node, .constant(.int(index)), line: token.line)
      default: throw failure("expected name or number", line: attribute.line)
      }
    }
    var keys: [Expression] = []
    var keysHeight = 1
    var count = 0
    while current.kind != .rightBracket {
      if count > 0 { try expect(.comma) }
      count += 1
      if let slice = try slice(of: node, line: token.line, tallest, &keys) {
        guard count == 1, current.kind == .rightBracket else {
          throw failure("A slice can't be one of several keys.", line: token.line)
        }
        try expect(.rightBracket)
        return slice
      }
      keysHeight = max(keysHeight, height)
    }
    try expect(.rightBracket)
    try setHeight(max(tallest, keysHeight) + 1)
    let key = count == 1 ? keys[0] : .tuple(keys)
    return .item(node, key, line: token.line)
  }

  /// A slice; or nil, and one more key.
  private mutating func slice(
    of node: Expression, line: Int, _ nodeHeight: Int, _ keys: inout [Expression]
  ) throws(JinjaError) -> Expression? {
    var tallest = nodeHeight
    var start: Expression?
    if current.kind != .colon {
      let key = try expression()
      tallest = max(tallest, height)
      guard current.kind == .colon else {
        keys.append(key)
        return nil
      }
      start = key
    }
    try advance()
    var parts: [Expression?] = [nil, nil]
    for index in 0..<2 {
      switch current.kind {
      case .colon, .rightBracket, .comma: break
      default:
        parts[index] = try expression()
        tallest = max(tallest, height)
      }
      if index == 0 {
        guard current.kind == .colon else { break }
        try advance()
      }
    }
    try setHeight(tallest + 1)
    return .slice(node, start: start, stop: parts[0], step: parts[1], line: line)
  }

  mutating func call(_ node: Expression) throws(JinjaError) -> Expression {
    let (line, tallest) = (current.line, height)
    let arguments = try callArguments()
    try setHeight(max(tallest, height) + 1)
    return .call(node, arguments, line: line)
  }

  private mutating func callArguments() throws(JinjaError) -> Expression.CallArguments {
    let line = try expect(.leftParenthesis).line
    var result = Expression.CallArguments()
    var tallest = 0
    var isFirst = true
    let misplaced = failure("invalid syntax for function call expression", line: line)
    while current.kind != .rightParenthesis {
      if !isFirst {
        try expect(.comma)
        if current.kind == .rightParenthesis { break }
      }
      isFirst = false
      if current.kind == .mul {
        guard result.spread == nil, result.spreadNamed == nil else { throw misplaced }
        try advance()
        result.spread = try expression()
      } else if current.kind == .pow {
        guard result.spreadNamed == nil else { throw misplaced }
        try advance()
        result.spreadNamed = try expression()
      } else if current.kind == .name, following.kind == .assign {
        guard result.spreadNamed == nil else { throw misplaced }
        let name = try advance().text
        try advance()
        guard !result.named.contains(where: { $0.name == name }) else {
          throw failure("keyword argument repeated: \(name)", line: line)
        }
        result.named.append((name, try expression()))
      } else {
        guard result.spread == nil, result.spreadNamed == nil, result.named.isEmpty else {
          throw misplaced
        }
        result.positional.append(try expression())
      }
      tallest = max(tallest, height)
    }
    try expect(.rightParenthesis)
    height = max(tallest, 1)
    return result
  }

  private mutating func dottedName() throws(JinjaError) -> String {
    var name = try expect(.name).text
    while try skip(.dot) { name += "." + (try expect(.name).text) }
    return name
  }

  /// The filter whose name is the current token.
  mutating func filter(_ node: Expression?) throws(JinjaError) -> Expression {
    let (line, tallest) = (current.line, node == nil ? 1 : height)
    let name = try dottedName()
    var arguments = Expression.CallArguments()
    height = 1
    if current.kind == .leftParenthesis { arguments = try callArguments() }
    try setHeight(max(tallest, height) + 1)
    return .filter(node, name, arguments, line: line)
  }

  /// `name(…)|name…` without a source, for blocks.
  mutating func filterChain() throws(JinjaError) -> Expression {
    var node = try filter(nil)
    while try skip(.pipe) { node = try filter(node) }
    return node
  }

  private mutating func test(_ node: Expression) throws(JinjaError) -> Expression {
    let tallest = height
    let line = try advance().line
    let isNegated = try skip(word: "not")
    let name = try dottedName()
    var arguments = Expression.CallArguments()
    height = 1
    switch current.kind {
    case .leftParenthesis: arguments = try callArguments()
    case .name, .string, .integer, .float, .leftBracket, .leftBrace:
      if ["else", "or", "and"].contains(where: { current.isName($0) }) { break }
      if current.isName("is") { throw failure("You cannot chain multiple tests with is") }
      let argument = try primary()
      arguments.positional = [try postfix(argument)]
    default: break
    }
    try setHeight(max(tallest, height) + 2)
    let result = Expression.test(node, name, arguments, line: line)
    return isNegated ? .not(result) : result
  }
}
