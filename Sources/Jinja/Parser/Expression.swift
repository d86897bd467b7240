/// Jinja: the tree of an expression.

indirect enum Expression {
  case constant(Constant)
  case name(String, line: Int)
  case tuple([Expression])
  case list([Expression])
  case dict([(key: Expression, value: Expression)])
  case negate(Expression)
  case plus(Expression)
  case not(Expression)
  case and(Expression, Expression)
  case or(Expression, Expression)
  case arithmetic(Arithmetic, Expression, Expression, line: Int)
  case concat([Expression])
  case compare(Expression, [(operation: Comparison, operand: Expression)], line: Int)
  case attribute(Expression, String, line: Int)
  case item(Expression, Expression, line: Int)
  case slice(
    Expression, start: Expression?, stop: Expression?, step: Expression?, line: Int)
  case call(Expression, CallArguments, line: Int)
  /// Without a source: the text of a filter block.
  case filter(Expression?, String, CallArguments, line: Int)
  case test(Expression, String, CallArguments, line: Int)
  case conditional(test: Expression, then: Expression, otherwise: Expression?, line: Int)

  struct CallArguments {
    var positional: [Expression] = []
    var named: [(name: String, value: Expression)] = []
    var spread: Expression?
    var spreadNamed: Expression?

    var children: [Expression] {
      positional + named.map(\.value) + [spread, spreadNamed].compactMap { $0 }
    }
  }

  enum Constant: Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case big(BigInt)
    case double(Double)
    case string(String)
  }

  enum Arithmetic: String, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case remainder = "%"
    case power = "**"
  }

  enum Comparison: String, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case isIn = "in"
    case isNotIn = "not in"
  }

  /// Whether Jinja2 computes it while it compiles, where some mistakes become undefined values.
  var isConstant: Bool {
    switch self {
    case .constant: return true
    case .name, .call: return false
    case .filter(_, let name, _, _):
      let asksContext = ["map", "select", "reject", "selectattr", "rejectattr", "random"]
      return !asksContext.contains(name) && children.allSatisfy(\.isConstant)
    default: return children.allSatisfy(\.isConstant)
    }
  }

  var hasSlice: Bool {
    if case .slice = self { return true }
    return children.contains { $0.hasSlice }
  }

  /// A constant with a slice inside, that is no literal itself.
  var isFoldable: Bool {
    switch self {
    case .constant, .name, .tuple, .list, .dict, .call: return false
    default: return hasSlice && isConstant
    }
  }

  /// In the order of the source.
  var children: [Expression] {
    switch self {
    case .constant, .name: return []
    case .tuple(let items), .list(let items), .concat(let items): return items
    case .dict(let pairs): return pairs.flatMap { [$0.key, $0.value] }
    case .negate(let a), .plus(let a), .not(let a), .attribute(let a, _, _): return [a]
    case .and(let a, let b), .or(let a, let b), .arithmetic(_, let a, let b, _),
      .item(let a, let b, _):
      return [a, b]
    case .compare(let first, let rest, _): return [first] + rest.map(\.operand)
    case .slice(let a, let start, let stop, let step, _):
      return [a] + [start, stop, step].compactMap { $0 }
    case .call(let a, let arguments, _), .test(let a, _, let arguments, _):
      return [a] + arguments.children
    case .filter(let a, _, let arguments, _): return (a.map { [$0] } ?? []) + arguments.children
    case .conditional(let test, let then, let otherwise, _):
      return [test, then] + (otherwise.map { [$0] } ?? [])
    }
  }
}
