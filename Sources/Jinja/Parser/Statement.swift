/// Jinja: the tree of a template's statements.

indirect enum Statement {
  case output([Piece], line: Int)
  case forLoop(For, line: Int)
  case condition([(test: Expression, body: [Statement])], otherwise: [Statement], line: Int)
  case macro(Macro, line: Int)
  case callBlock(Macro, call: Expression, line: Int)
  case filterBlock(Expression, body: [Statement], line: Int)
  case with([(target: Target, value: Expression)], body: [Statement], line: Int)
  case block(Block, line: Int)
  case extends(Expression, line: Int)
  case include(Expression, ignoresMissing: Bool, withContext: Bool, line: Int)
  case importModule(Expression, name: String, withContext: Bool, line: Int)
  case importNames(
    Expression, [(name: String, alias: String)], withContext: Bool, line: Int)
  case assign(Target, Expression, line: Int)
  case assignBlock(Target, filter: Expression?, body: [Statement], line: Int)
  case autoescape(Expression, body: [Statement], line: Int)
  case evaluate(Expression, line: Int)
  case breakLoop(line: Int)
  case continueLoop(line: Int)

  enum Piece {
    case text(String)
    case expression(Expression, line: Int)
  }

  indirect enum Target {
    case name(String, line: Int)
    case namespace(String, attribute: String, line: Int)
    case tuple([Target])

    var names: [String] {
      switch self {
      case .name(let name, _): return [name]
      case .namespace: return []
      case .tuple(let items): return items.flatMap(\.names)
      }
    }
  }

  struct For {
    var target: Target
    var sequence: Expression
    var test: Expression?
    var isRecursive: Bool
    var body: [Statement]
    var otherwise: [Statement]
  }

  struct Macro {
    /// nil for the body of a call block.
    var name: String?
    var parameters: [(name: String, defaultValue: Expression?)]
    var body: [Statement] = []
  }

  struct Block {
    var name: String
    var isScoped: Bool
    var isRequired: Bool
    var body: [Statement]
  }

  /// The statements inside, without those of other blocks' bodies told apart.
  var bodies: [[Statement]] {
    switch self {
    case .forLoop(let loop, _): return [loop.body, loop.otherwise]
    case .condition(let branches, let otherwise, _): return branches.map(\.body) + [otherwise]
    case .macro(let macro, _), .callBlock(let macro, _, _): return [macro.body]
    case .filterBlock(_, let body, _), .with(_, let body, _), .assignBlock(_, _, let body, _),
      .autoescape(_, let body, _):
      return [body]
    case .block(let block, _): return [block.body]
    default: return []
    }
  }
}

extension [Statement] {
  /// Every statement, at any depth.
  func forEachNested(_ body: (Statement) throws(JinjaError) -> Void) throws(JinjaError) {
    for statement in self {
      try body(statement)
      for inner in statement.bodies { try inner.forEachNested(body) }
    }
  }
}
