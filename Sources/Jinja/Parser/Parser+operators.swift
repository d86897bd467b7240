/// Jinja: conditional expressions and operators, by precedence.

extension Parser {
  mutating func expression(conditional: Bool = true) throws(JinjaError) -> Expression {
    try nest()
    defer { unnest() }
    guard conditional else { return try operators(from: .or) }
    let line = current.line
    var result = try operators(from: .or)
    while try skip(word: "if") {
      var tallest = height
      let test = try operators(from: .or)
      tallest = max(tallest, height)
      var otherwise: Expression?
      if try skip(word: "else") {
        otherwise = try expression()
        tallest = max(tallest, height)
      }
      result = .conditional(test: test, then: result, otherwise: otherwise, line: line)
      try setHeight(tallest + 1)
    }
    return result
  }

  /// From the loosest to the tightest.
  enum Level: Int, Comparable {
    case or, and, not, compare, sum, concat, product, power, unary

    static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }
    var tighter: Level { Level(rawValue: rawValue + 1) ?? .unary }
  }

  /// Precedence climbing: one call for each operand, whatever the number of levels.
  mutating func operators(from lowest: Level) throws(JinjaError) -> Expression {
    let line = current.line
    var left: Expression
    if lowest <= .not, current.isName("not") {
      try advance()
      try nest()
      left = .not(try operators(from: .not))
      unnest()
      try setHeight(height + 1)
    } else {
      left = try unary()
    }
    while let level = operatorHere(), level >= lowest {
      switch level {
      case .compare: left = try comparison(left, line: line)
      case .concat: left = try concatenation(left)
      default: left = try binary(left, level, line: line)
      }
    }
    return left
  }

  private func operatorHere() -> Level? {
    switch current.kind {
    case .add, .sub: return .sum
    case .mul, .div, .floorDiv, .mod: return .product
    case .pow: return .power
    case .tilde: return .concat
    case .eq, .ne, .lt, .le, .gt, .ge: return .compare
    case .name:
      switch current.text {
      case "or": return .or
      case "and": return .and
      case "in": return .compare
      case "not": return following.isName("in") ? .compare : nil
      default: return nil
      }
    default: return nil
    }
  }

  private mutating func binary(
    _ left: Expression, _ level: Level, line: Int
  ) throws(JinjaError) -> Expression {
    let tallest = height
    let token = try advance()
    let right = try operators(from: level.tighter)
    let operation: Expression.Arithmetic
    try setHeight(max(tallest, height) + 1)
    switch level {
    case .or: return .or(left, right)
    case .and: return .and(left, right)
    default:
      switch token.kind {
      case .add: operation = .add
      case .sub: operation = .subtract
      case .mul: operation = .multiply
      case .div: operation = .divide
      case .floorDiv: operation = .floorDivide
      case .mod: operation = .remainder
      default: operation = .power
      }
      return .arithmetic(operation, left, right, line: line)
    }
  }

  private mutating func concatenation(_ left: Expression) throws(JinjaError) -> Expression {
    var tallest = height
    var parts = [left]
    while try skip(.tilde) {
      parts.append(try operators(from: .product))
      tallest = max(tallest, height)
    }
    try setHeight(tallest + 1)
    return .concat(parts)
  }

  private mutating func comparison(
    _ first: Expression, line: Int
  ) throws(JinjaError) -> Expression {
    var tallest = height
    var operations: [(operation: Expression.Comparison, operand: Expression)] = []
    while let operation = try comparisonOperator() {
      operations.append((operation, try operators(from: .sum)))
      tallest = max(tallest, height)
    }
    try setHeight(tallest + 1)
    return .compare(first, operations, line: line)
  }

  private mutating func comparisonOperator() throws(JinjaError) -> Expression.Comparison? {
    let operation: Expression.Comparison
    switch current.kind {
    case .eq: operation = .equal
    case .ne: operation = .notEqual
    case .lt: operation = .less
    case .le: operation = .lessOrEqual
    case .gt: operation = .greater
    case .ge: operation = .greaterOrEqual
    case .name:
      if current.text == "in" {
        operation = .isIn
      } else if current.text == "not", following.isName("in") {
        try advance()
        operation = .isNotIn
      } else {
        return nil
      }
    default: return nil
    }
    try advance()
    return operation
  }
}
