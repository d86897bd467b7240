/// Jinja: names, literals, tuples, lists and dicts.

extension Parser {
  mutating func unary(withFilter: Bool = true) throws(JinjaError) -> Expression {
    var node: Expression
    switch current.kind {
    case .sub, .add:
      let isMinus = try advance().kind == .sub
      try nest()
      let operand = try unary(withFilter: false)
      unnest()
      try setHeight(height + 1)
      node = isMinus ? .negate(operand) : .plus(operand)
    default: node = try primary()
    }
    node = try postfix(node)
    return withFilter ? try filtered(node) : node
  }

  mutating func primary() throws(JinjaError) -> Expression {
    let token = current
    switch token.kind {
    case .name:
      try advance()
      try setHeight(1)
      switch token.text {
      case "true", "True": return .constant(.bool(true))
      case "false", "False": return .constant(.bool(false))
      case "none", "None": return .constant(.null)
      default: return .name(token.text, line: token.line)
      }
    case .string:
      var text = ""
      while current.kind == .string { text += try advance().text }
      try setHeight(1)
      return .constant(.string(text))
    case .integer, .float:
      try advance()
      try setHeight(1)
      return .constant(try number(token))
    case .leftParenthesis:
      try advance()
      let result = try tuple(isInParentheses: true)
      try expect(.rightParenthesis)
      return result
    case .leftBracket: return try list()
    case .leftBrace: return try dict()
    default: throw failure("unexpected '\(token.description)'", line: token.line)
    }
  }

  private func number(_ token: Token) throws(JinjaError) -> Expression.Constant {
    if token.kind == .float {
      guard let value = Double(token.text) else {
        throw failure("'\(token.text)' is no number.", line: token.line)
      }
      return .double(value)
    }
    var digits = Substring(token.text)
    var radix: UInt32 = 10
    for (prefix, base) in [("0b", 2), ("0o", 8), ("0x", 16)] as [(String, UInt32)]
    where digits.lowercased().hasPrefix(prefix) {
      radix = base
      digits = digits.dropFirst(2)
    }
    if let small = Int(digits, radix: Int(radix)) { return .int(small) }
    // Python reads no more than 4300 decimal digits.
    guard digits.utf8.count <= 4300, let value = BigInt(digits: digits.utf8, radix: radix),
      value.bitWidth <= limits.integerBits
    else { throw failure("A number has too many digits.", line: token.line) }
    return value.int.map { .int($0) } ?? .big(value)
  }

  /// One expression, or several with commas between them.
  mutating func tuple(
    conditional: Bool = true, isInParentheses: Bool = false
  ) throws(JinjaError) -> Expression {
    var items: [Expression] = []
    var tallest = 0
    var isTuple = false
    while true {
      if !items.isEmpty { try expect(.comma) }
      if isTupleEnd { break }
      items.append(try expression(conditional: conditional))
      tallest = max(tallest, height)
      guard current.kind == .comma else { break }
      isTuple = true
    }
    if !isTuple {
      if let only = items.first { return only }
      guard isInParentheses else {
        throw failure("Expected an expression, got '\(current.description)'")
      }
    }
    try setHeight(tallest + 1)
    return .tuple(items)
  }

  var isTupleEnd: Bool {
    switch current.kind {
    case .variableEnd, .blockEnd, .rightParenthesis: return true
    default: return false
    }
  }

  private mutating func list() throws(JinjaError) -> Expression {
    try expect(.leftBracket)
    var items: [Expression] = []
    var tallest = 0
    while current.kind != .rightBracket {
      if !items.isEmpty { try expect(.comma) }
      if current.kind == .rightBracket { break }
      items.append(try expression())
      tallest = max(tallest, height)
    }
    try expect(.rightBracket)
    try setHeight(tallest + 1)
    return .list(items)
  }

  private mutating func dict() throws(JinjaError) -> Expression {
    try expect(.leftBrace)
    var pairs: [(key: Expression, value: Expression)] = []
    var tallest = 0
    while current.kind != .rightBrace {
      if !pairs.isEmpty { try expect(.comma) }
      if current.kind == .rightBrace { break }
      let key = try expression()
      tallest = max(tallest, height)
      try expect(.colon)
      let value = try expression()
      tallest = max(tallest, height)
      pairs.append((key, value))
    }
    try expect(.rightBrace)
    try setHeight(tallest + 1)
    return .dict(pairs)
  }
}
