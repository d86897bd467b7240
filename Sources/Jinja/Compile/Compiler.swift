/// Jinja: a parsed template to a tree that runs.

struct Compiler {
  let settings: JinjaSettings
  let template: String
  /// Whether the template extends another one, anywhere.
  let extends: Bool

  /// Where in the template the compiler is.
  struct Place {
    var symbols: Symbols
    /// At the top level, also inside `if` there.
    var isTopLevel = false
    /// At the top level and not inside `if`.
    var isRootLevel = false
    /// Inside an `if` an unknown filter is only a mistake when it is reached.
    var isSoft = false
    /// Text of a template that extends another one is dropped.
    var dropsOutput = false
    var isInLoop = false
    /// Inside printed constants, which Jinja2 computes while it compiles.
    var isFolded = false

    func inner(_ symbols: Symbols) -> Place {
      Place(symbols: symbols, dropsOutput: dropsOutput, isInLoop: isInLoop)
    }

    func inner() -> Place { inner(Symbols(parent: symbols, function: symbols.function)) }

    var soft: Place {
      var place = self
      place.isRootLevel = false
      place.isSoft = true
      return place
    }
  }

  static func compile(
    _ statements: [Statement], name: String, settings: JinjaSettings
  ) throws(JinjaError) -> CompiledTemplate {
    var extends = false
    var blocks: [(Statement.Block, line: Int)] = []
    var names: Set<String> = []
    var textSize = 0
    try statements.forEachNested { (statement) throws(JinjaError) in
      switch statement {
      case .extends: extends = true
      case .output(let pieces, _):
        for case .text(let text) in pieces { textSize += text.utf8.count }
      case .block(let block, let line):
        guard names.insert(block.name).inserted else {
          throw JinjaError(
            .syntax, "block '\(block.name)' defined twice", template: name, line: line)
        }
        blocks.append((block, line))
      default: break
      }
    }
    let compiler = Compiler(settings: settings, template: name, extends: extends)
    let root = try compiler.root(statements)
    var compiled: [String: CompiledTemplate.Block] = [:]
    for (index, (block, _)) in blocks.enumerated() {
      compiled[block.name] = try compiler.block(block, identity: index)
    }
    return CompiledTemplate(
      name: name, root: root.body, selfSlot: root.selfSlot, blocks: compiled,
      textSize: textSize)
  }

  func failure(_ message: String, line: Int) -> JinjaError {
    JinjaError(.syntax, message, template: template, line: line)
  }

  private func root(
    _ statements: [Statement]
  ) throws(JinjaError) -> (body: FunctionBody, selfSlot: Slot?) {
    let symbols = Symbols(parent: nil, function: FunctionScope(outer: nil))
    let usesSelf = !UndeclaredNames.find(["self"], in: statements).isEmpty
    if usesSelf { symbols.declareParameter("self") }
    SymbolAnalysis.analyze(statements, into: symbols)
    let place = Place(
      symbols: symbols, isTopLevel: true, isRootLevel: true, dropsOutput: extends)
    let body = try function(statements, place)
    return (body, usesSelf ? symbols.slot("self") : nil)
  }

  private func block(
    _ block: Statement.Block, identity: Int
  ) throws(JinjaError) -> CompiledTemplate.Block {
    let symbols = Symbols(parent: nil, function: FunctionScope(outer: nil))
    let special = UndeclaredNames.find(["self", "super"], in: block.body)
    for name in special { symbols.declareParameter(name) }
    SymbolAnalysis.analyze(block.body, into: symbols)
    let body = try function(block.body, Place(symbols: symbols))
    return CompiledTemplate.Block(
      name: block.name, template: template, identity: identity, body: body,
      selfSlot: special.contains("self") ? symbols.slot("self") : nil,
      superSlot: special.contains("super") ? symbols.slot("super") : nil)
  }

  /// The statements of a function whose symbols are analyzed already.
  func function(_ statements: [Statement], _ place: Place) throws(JinjaError) -> FunctionBody {
    let body = try executables(statements, place)
    let entry = entry(place.symbols)
    let function = place.symbols.function
    return FunctionBody(
      slotCount: function.slotCount, depth: function.cost, entry: entry, statements: body)
  }

  func entry(_ symbols: Symbols) -> (any ScopeEntry)? {
    var result: [any ScopeEntry] = []
    for (reference, load) in symbols.loads.sorted(by: { $0.key.identifier < $1.key.identifier }) {
      let slot = symbols.slot(reference)
      switch load {
      case .parameter: break
      case .resolve(let name): result.append(ResolveEntry(slot, HashedName(name)))
      case .alias(let outer): result.append(AliasEntry(slot, from: symbols.slot(outer)))
      case .undefined: result.append(UndefinedEntry(slot))
      }
    }
    return chain(result[...], EntryPair.init)
  }

  /// The local variables that an included template sees.
  func locals(_ symbols: Symbols) -> [LocalVariable] {
    symbols.visibleStores().map { LocalVariable(name: $0.name, slot: symbols.slot($0.reference)) }
  }

  func macro(
    _ macro: Statement.Macro, line: Int, _ place: Place
  ) throws(JinjaError) -> MacroDefinition {
    let function = FunctionScope(outer: place.symbols.function)
    let symbols = Symbols(parent: place.symbols, function: function)
    SymbolAnalysis.analyze(macro, into: symbols)
    let special = UndeclaredNames.find(["caller", "kwargs", "varargs"], in: macro.body)
    let names = macro.parameters.map(\.name)
    var slots: [String: Slot] = [:]
    if special.contains("caller"),
      let explicit = macro.parameters.first(where: { $0.name == "caller" })
    {
      guard explicit.defaultValue != nil else {
        throw failure(
          "When defining macros or call blocks the special \"caller\" argument must be omitted or"
            + " be given a default.", line: line)
      }
    }
    for name in special where !names.contains(name) {
      symbols.declareParameter(name)
      slots[name] = symbols.slot(name)
    }
    var inner = place.inner(symbols)
    inner.dropsOutput = false
    inner.isInLoop = false
    var parameters: [MacroDefinition.Parameter] = []
    for parameter in macro.parameters {
      var value: (any Evaluable)?
      if let expression = parameter.defaultValue { value = try evaluable(expression, inner) }
      parameters.append(
        .init(name: parameter.name, slot: symbols.slot(parameter.name), defaultValue: value))
    }
    return MacroDefinition(
      name: macro.name, parameters: parameters, callerSlot: slots["caller"],
      keywordsSlot: slots["kwargs"], variadicSlot: slots["varargs"],
      usesCaller: special.contains("caller"), body: try self.function(macro.body, inner))
  }
}

/// A variable of the scopes around, for templates that are included there.
struct LocalVariable: Sendable {
  let name: String
  let slot: Slot
}
