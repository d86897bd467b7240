/// Jinja: finds the names that a scope reads and assigns.

/// Walks one scope; what opens a scope of its own is not entered.
struct SymbolAnalysis {
  private var symbols: Symbols

  init(_ symbols: Symbols) { self.symbols = symbols }

  static func analyze(_ statements: [Statement], into symbols: Symbols) {
    var analysis = SymbolAnalysis(symbols)
    for statement in statements { analysis.visit(statement) }
  }

  static func analyze(_ expressions: [Expression], into symbols: Symbols) {
    var analysis = SymbolAnalysis(symbols)
    for expression in expressions { analysis.visit(expression) }
  }

  static func declare(_ target: Statement.Target, into symbols: Symbols) {
    switch target {
    case .name(let name, _): symbols.declareParameter(name)
    case .namespace(let name, _, _): symbols.load(name)
    case .tuple(let items): for item in items { declare(item, into: symbols) }
    }
  }

  /// A macro's own scope: parameters, their defaults, and the body.
  static func analyze(_ macro: Statement.Macro, into symbols: Symbols) {
    for parameter in macro.parameters where symbols.references[parameter.name] == nil {
      symbols.declareParameter(parameter.name)
    }
    analyze(macro.parameters.compactMap(\.defaultValue), into: symbols)
    analyze(macro.body, into: symbols)
  }

  private mutating func visit(_ expression: Expression) {
    if case .name(let name, _) = expression {
      symbols.load(name)
      return
    }
    for child in expression.children { visit(child) }
  }

  private mutating func store(_ target: Statement.Target) {
    switch target {
    case .name(let name, _): symbols.store(name)
    case .namespace(let name, _, _): symbols.load(name)
    case .tuple(let items): for item in items { store(item) }
    }
  }

  private mutating func visit(_ statement: Statement) {
    switch statement {
    case .output(let pieces, _):
      for case .expression(let expression, _) in pieces { visit(expression) }
    case .forLoop(let loop, _): visit(loop.sequence)
    case .condition(let branches, let otherwise, _): visit(branches, otherwise)
    case .macro(let macro, _): if let name = macro.name { symbols.store(name) }
    case .callBlock(_, let call, _): visit(call)
    case .filterBlock(let filter, _, _): visit(filter)
    case .with(let assignments, _, _): for assignment in assignments { visit(assignment.value) }
    case .block, .autoescape: break
    case .extends(let source, _), .include(let source, _, _, _), .evaluate(let source, _):
      visit(source)
    case .importModule(let source, let name, _, _):
      visit(source)
      symbols.store(name)
    case .importNames(let source, let names, _, _):
      visit(source)
      for name in names { symbols.store(name.alias) }
    case .assign(let target, let value, _):
      visit(value)
      store(target)
    case .assignBlock(let target, _, _, _): store(target)
    case .breakLoop, .continueLoop: break
    }
  }

  /// As in Jinja2: the body, then all `elif`s as one branch, then `else`.
  private mutating func visit(
    _ branches: [(test: Expression, body: [Statement])], _ otherwise: [Statement]
  ) {
    guard let first = branches.first else { return }
    visit(first.test)
    let original = symbols
    let body = original.copy()
    SymbolAnalysis.analyze(first.body, into: body)
    let later = original.copy()
    var analysis = SymbolAnalysis(later)
    for branch in branches.dropFirst() { analysis.visit([branch], []) }
    let last = original.copy()
    SymbolAnalysis.analyze(otherwise, into: last)
    original.merge([body, later, last])
  }
}
