/// Jinja: statements to executable nodes.

extension Compiler {
  func executables(
    _ statements: [Statement], _ place: Place
  ) throws(JinjaError) -> any Executable {
    place.symbols.function.descend()
    defer { place.symbols.function.ascend() }
    var result: [any Executable] = []
    for statement in statements {
      if let node = try executable(statement, place) { result.append(node) }
    }
    return chain(result[...], StatementPair.init) ?? EmptyStatement()
  }

  private func executable(
    _ statement: Statement, _ place: Place
  ) throws(JinjaError) -> (any Executable)? {
    switch statement {
    case .output(let pieces, _): return try output(pieces, place)
    case .forLoop(let loop, let line): return try forLoop(loop, place, line: line)
    case .condition(let branches, let otherwise, let line):
      let place = place.soft
      var compiled: [any Branch] = []
      for branch in branches {
        compiled.append(
          TestedBranch(try evaluable(branch.test, place), try executables(branch.body, place)))
      }
      compiled.append(OtherwiseBranch(try executables(otherwise, place)))
      return chain(compiled[...], BranchPair.init).map { ConditionStatement($0, line: line) }
    case .macro(let macro, let line):
      let definition = try self.macro(macro, line: line, place)
      let name = macro.name ?? ""
      return MacroStatement(
        definition, slot: place.symbols.slot(name), exports: place.isTopLevel ? name : nil)
    case .callBlock(let macro, let call, let line):
      let definition = try self.macro(macro, line: line, place)
      guard case .call(let callee, let arguments, _) = call else { return nil }
      let node = try argumentsNode(arguments, place, caller: definition)
      return WriteStatement(try self.call(callee, node, place, line: line), line: line)
    case .filterBlock(let filter, let body, let line):
      let inner = place.inner()
      SymbolAnalysis.analyze(body, into: inner.symbols)
      SymbolAnalysis.analyze([filter], into: inner.symbols)
      let statements = try executables(body, inner)
      let node = try evaluable(filter, inner)
      return FilterBlockStatement(
        node, entry: entry(inner.symbols), body: statements, line: line)
    case .with(let assignments, let body, let line):
      return try with(assignments, body, place, line: line)
    case .block(let block, let line):
      return BlockStatement(
        block.name, isRequired: block.isRequired,
        locals: block.isScoped ? locals(place.symbols) : nil,
        isSkippedInChild: place.isTopLevel, line: line)
    case .extends(let source, let line):
      guard place.isTopLevel else {
        throw failure("cannot use extend from a non top-level scope", line: line)
      }
      return ExtendsStatement(try evaluable(source, place), line: line)
    case .autoescape(let mode, let body, let line):
      let inner = place.inner()
      SymbolAnalysis.analyze([mode], into: inner.symbols)
      SymbolAnalysis.analyze(body, into: inner.symbols)
      let node = try evaluable(mode, inner)
      let statements = try executables(body, inner)
      return AutoescapeStatement(
        node, entry: entry(inner.symbols), body: statements, line: line)
    case .evaluate(let expression, let line):
      return EvaluateStatement(try evaluable(expression, place), line: line)
    case .breakLoop(let line), .continueLoop(let line):
      guard place.isInLoop else {
        throw failure("'break' and 'continue' belong inside a loop.", line: line)
      }
      if case .breakLoop = statement { return JumpStatement(.breakLoop) }
      return JumpStatement(.continueLoop)
    default: return try assignment(statement, place)
    }
  }

  private func output(
    _ pieces: [Statement.Piece], _ place: Place
  ) throws(JinjaError) -> OutputStatement {
    var result: [any Writable] = []
    var bytes: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .text(let text): bytes += text.utf8
      case .expression(.constant(.string(let text)), _)
      where !place.dropsOutput && htmlEscaped(text).utf8.count == text.utf8.count:
        // A literal is text, but for escaping.
        bytes += text.utf8
      case .expression(let expression, let line):
        let isFolded = expression.isConstant && expression.hasSlice
        let node =
          isFolded
          ? try folded(expression, place, isPrinted: true) : try evaluable(expression, place)
        result.append(PrintPiece(bytes, node, line: line))
        bytes = []
      }
    }
    if !bytes.isEmpty || result.isEmpty { result.append(TextPiece(bytes)) }
    let tree = chain(result[...], WritablePair.init) ?? TextPiece([])
    return OutputStatement(tree, isSkippedInChild: place.dropsOutput)
  }

  private func forLoop(
    _ loop: Statement.For, _ outer: Place, line: Int
  ) throws(JinjaError) -> any Executable {
    var usesLoop = loop.isRecursive
    if !UndeclaredNames.find(["loop"], in: loop.body).isEmpty { usesLoop = true }
    for part in [loop.body, loop.otherwise] {
      try part.forEachNested { (statement) throws(JinjaError) in
        if case .block(let block, _) = statement, block.isScoped { usesLoop = true }
        if case .assign(let target, _, let line) = statement, target.names.contains("loop") {
          throw failure("Can't assign to special loop variable in for-loop target", line: line)
        }
        if case .forLoop(let inner, let line) = statement, inner.target.names.contains("loop") {
          throw failure("Can't assign to special loop variable in for-loop target", line: line)
        }
      }
    }
    guard !loop.target.names.contains("loop") else {
      throw failure("Can't assign to special loop variable in for-loop target", line: line)
    }
    let source = try evaluable(loop.sequence, outer)
    // A recursive loop calls itself: it is a function of its own.
    let function = outer.symbols.function
    let own = loop.isRecursive ? FunctionScope(outer: function) : function
    let symbols = Symbols(parent: outer.symbols, function: own)
    if usesLoop { symbols.declareParameter("loop") }
    SymbolAnalysis.declare(loop.target, into: symbols)
    SymbolAnalysis.analyze(loop.body, into: symbols)
    var place = outer.inner(symbols)
    place.isInLoop = true
    let target = target(loop.target, symbols)
    let body = try executables(loop.body, place)
    let elseSymbols = Symbols(parent: outer.symbols, function: own)
    SymbolAnalysis.analyze(loop.otherwise, into: elseSymbols)
    var otherwise: (any Executable)?
    if !loop.otherwise.isEmpty {
      otherwise = try executables(loop.otherwise, outer.inner(elseSymbols))
    }
    let definition = LoopDefinition(
      target: target, entry: entry(symbols), body: body,
      loopSlot: usesLoop ? symbols.slot("loop") : nil, elseEntry: entry(elseSymbols),
      otherwise: otherwise, filter: try loopFilter(loop, outer, own), line: line)
    if loop.isRecursive {
      return RecursiveLoopStatement(
        source,
        RecursiveLoop.Definition(loop: definition, slotCount: own.slotCount, depth: own.cost),
        line: line)
    }
    return ForStatement(source, definition, line: line)
  }

  /// The `if` of a loop has variables of its own, because the loop may read ahead.
  private func loopFilter(
    _ loop: Statement.For, _ outer: Place, _ function: FunctionScope
  ) throws(JinjaError) -> LoopFilter? {
    guard let test = loop.test else { return nil }
    let own = FunctionScope(outer: function)
    let symbols = Symbols(parent: outer.symbols, function: own)
    SymbolAnalysis.declare(loop.target, into: symbols)
    SymbolAnalysis.analyze([test], into: symbols)
    let target = target(loop.target, symbols)
    let node = try evaluable(test, outer.inner(symbols))
    let entry = entry(symbols)
    return LoopFilter(
      target: target, test: node, entry: entry, slotCount: own.slotCount, depth: own.cost)
  }

  private func with(
    _ assignments: [(target: Statement.Target, value: Expression)], _ body: [Statement],
    _ place: Place, line: Int
  ) throws(JinjaError) -> WithStatement {
    let inner = place.inner()
    for assignment in assignments {
      SymbolAnalysis.declare(assignment.target, into: inner.symbols)
    }
    SymbolAnalysis.analyze(body, into: inner.symbols)
    var compiled: [WithStatement.Assignment] = []
    for assignment in assignments {
      compiled.append(
        .init(
          target: target(assignment.target, inner.symbols),
          value: try evaluable(assignment.value, place)))
    }
    let statements = try executables(body, inner)
    return WithStatement(compiled, entry: entry(inner.symbols), body: statements, line: line)
  }

  func target(_ target: Statement.Target, _ symbols: Symbols) -> AssignmentTarget {
    switch target {
    case .name(let name, _): return .slot(symbols.slot(name))
    case .namespace(let name, let attribute, _):
      return .namespace(symbols.slot(name), attribute: attribute)
    case .tuple(let items): return .tuple(items.map { self.target($0, symbols) })
    }
  }
}
