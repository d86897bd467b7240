/// Jinja: `set`, `include`, `import` and what the top level exports by them.

extension Compiler {
  func assignment(
    _ statement: Statement, _ place: Place
  ) throws(JinjaError) -> (any Executable)? {
    switch statement {
    case .assign(let target, let value, let line):
      let node = try evaluable(value, place)
      return AssignStatement(
        self.target(target, place.symbols), node, exports: exports(target, place), line: line)
    case .assignBlock(let target, let filter, let body, let line):
      var inner = place.inner()
      inner.dropsOutput = false
      SymbolAnalysis.analyze(body, into: inner.symbols)
      let statements = try executables(body, inner)
      var node: (any Evaluable)?
      if let filter { node = try evaluable(filter, inner) }
      return AssignBlockStatement(
        self.target(target, place.symbols), filter: node, entry: entry(inner.symbols),
        body: statements, exports: exports(target, place), line: line)
    case .include(let source, let ignoresMissing, let withContext, let line):
      return IncludeStatement(
        try evaluable(source, place), ignoresMissing: ignoresMissing,
        locals: withContext ? locals(place.symbols) : nil, line: line)
    case .importModule(let source, let name, let withContext, let line):
      return ImportStatement(
        try evaluable(source, place), slot: place.symbols.slot(name),
        hides: place.isTopLevel ? name : nil,
        locals: withContext ? locals(place.symbols) : nil, line: line)
    case .importNames(let source, let names, let withContext, let line):
      return FromImportStatement(
        try evaluable(source, place),
        names: names.map {
          .init(name: $0.name, alias: $0.alias, slot: place.symbols.slot($0.alias))
        }, isTopLevel: place.isTopLevel,
        locals: withContext ? locals(place.symbols) : nil, line: line)
    default: return nil
    }
  }

  /// Names that an assignment at the top level makes visible to other templates.
  private func exports(_ target: Statement.Target, _ place: Place) -> [LocalVariable] {
    guard place.isTopLevel else { return [] }
    return target.names.map { LocalVariable(name: $0, slot: place.symbols.slot($0)) }
  }
}
