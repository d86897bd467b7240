/// Jinja: whether a body uses one of the special names that it does not assign itself.

struct UndeclaredNames {
  private var wanted: Set<String>
  private var found: Set<String> = []

  static func find(_ names: Set<String>, in body: [Statement]) -> Set<String> {
    var search = UndeclaredNames(wanted: names)
    for statement in body { search.visit(statement) }
    return search.found
  }

  private init(wanted: Set<String>) { self.wanted = wanted }

  private mutating func visit(_ expression: Expression) {
    if case .name(let name, _) = expression {
      if wanted.contains(name) { found.insert(name) }
      return
    }
    for child in expression.children { visit(child) }
  }

  private mutating func visit(_ target: Statement.Target) {
    for name in target.names { wanted.remove(name) }
  }

  private mutating func visit(_ body: [Statement]) {
    for statement in body { visit(statement) }
  }

  private mutating func visit(_ macro: Statement.Macro) {
    for parameter in macro.parameters { wanted.remove(parameter.name) }
    for parameter in macro.parameters { if let value = parameter.defaultValue { visit(value) } }
    visit(macro.body)
  }

  private mutating func visit(_ statement: Statement) {
    switch statement {
    case .output(let pieces, _):
      for case .expression(let expression, _) in pieces { visit(expression) }
    case .forLoop(let loop, _):
      visit(loop.target)
      visit(loop.sequence)
      visit(loop.body)
      visit(loop.otherwise)
      if let test = loop.test { visit(test) }
    case .condition(let branches, let otherwise, _):
      for branch in branches {
        visit(branch.test)
        visit(branch.body)
      }
      visit(otherwise)
    case .macro(let macro, _): visit(macro)
    case .callBlock(let macro, let call, _):
      visit(call)
      visit(macro)
    case .filterBlock(let filter, let body, _):
      visit(body)
      visit(filter)
    case .with(let assignments, let body, _):
      for assignment in assignments { visit(assignment.target) }
      for assignment in assignments { visit(assignment.value) }
      visit(body)
    case .extends(let source, _), .include(let source, _, _, _), .evaluate(let source, _),
      .importModule(let source, _, _, _), .importNames(let source, _, _, _):
      visit(source)
    case .assign(let target, let value, _):
      visit(target)
      visit(value)
    case .assignBlock(let target, let filter, let body, _):
      visit(target)
      if let filter { visit(filter) }
      visit(body)
    case .autoescape(let mode, let body, _):
      visit(mode)
      visit(body)
    case .block, .breakLoop, .continueLoop: break
    }
  }
}
