/// Jinja: a macro, or the body of a `call` block, and the variables around it.

final class MacroObject: Object {
  let definition: MacroDefinition
  private var frame: Frame?
  private var context: RenderContext?
  private let templateName: String
  private let autoescape: Bool

  init(_ definition: MacroDefinition, _ run: Run) {
    self.definition = definition
    frame = run.frame
    context = run.context
    templateName = run.templateName
    autoescape = run.autoescape
    super.init(run)
  }

  override var typeName: String { "Macro" }
  override var isCallable: Bool { true }

  override func clear() {
    frame?.clear()
    frame = nil
    context?.variables = [:]
    context = nil
  }

  override func attribute(_ name: String, _ run: Run) throws(JinjaError) -> Value? {
    switch name {
    case "name": return definition.name.map { .string($0) } ?? .null
    case "arguments":
      var names: [Value] = []
      for parameter in definition.parameters { names.append(.string(parameter.name)) }
      return try run.tuple(names)
    case "catch_kwargs": return .bool(definition.keywordsSlot != nil)
    case "catch_varargs": return .bool(definition.variadicSlot != nil)
    case "caller": return .bool(definition.usesCaller)
    default: return nil
    }
  }

  override func write(to text: inout String, _ run: Run) throws(JinjaError) {
    text += "<Macro \(definition.name.map { "'\($0)'" } ?? "anonymous")>"
  }

  override func call(_ arguments: Arguments, _ run: Run) throws(JinjaError) -> Value {
    let inner = try bind(arguments, run)
    let text = try run.capture { () throws(JinjaError) in
      try write(in: inner, given: arguments.count, run)
    }
    try run.allocate(text.utf8.count)
    return run.autoescape ? .markup(text) : .string(text)
  }

  /// Runs the body; `given` arguments by position are in the frame already.
  func write(in inner: Frame, given: Int, _ run: Run) throws(JinjaError) {
    try run.enter(definition.body.depth)
    try run.allocate(inner.count * 24)
    let (outerFrame, outerLine, outerAutoescape) = (run.frame, run.line, run.autoescape)
    run.frame = inner
    run.autoescape = autoescape
    // An error keeps the place where it happened; nothing runs after it.
    if run.context === context, run.templateName == templateName {
      try writeBody(given: given, run)
    } else if let context {
      let (outerContext, outerName) = (run.context, run.templateName)
      run.context = context
      run.templateName = templateName
      try writeBody(given: given, run)
      run.context = outerContext
      run.templateName = outerName
    }
    run.frame = outerFrame
    run.line = outerLine
    run.autoescape = outerAutoescape
    run.leave(definition.body.depth)
  }

  private func writeBody(given: Int, _ run: Run) throws(JinjaError) {
    try definition.body.enterScope(run)
    if given < definition.parameters.count { try definition.fillDefaults(from: given, run) }
    _ = try definition.body.statements.execute(run)
  }

  /// The frame for a call, without the values in between where arguments go by position only;
  /// nil where they don't.
  func bind(_ arguments: ArgumentsNode, _ run: Run) throws(JinjaError) -> Frame? {
    guard definition.isPlain, arguments.isPlain, arguments.count <= definition.parameters.count
    else { return nil }
    // The arguments come first: they may call this macro too.
    let bound = try arguments.evaluate(run)
    let inner = run.newFrame(slotCount: definition.body.slotCount, outer: frame)
    for index in 0..<bound.count { inner[definition.places[index]] = bound[index] ?? .missing }
    return inner
  }

  func bind(_ arguments: Arguments, _ run: Run) throws(JinjaError) -> Frame {
    let inner = Frame(slotCount: definition.body.slotCount, outer: frame)
    var named = Arguments()
    named.named = arguments.named
    let parameters = definition.parameters
    for (index, parameter) in parameters.enumerated() {
      if let value = arguments[index] ?? named.take(parameter.name) {
        inner[parameter.slot.index] = value
      }
    }
    let name = definition.name ?? "None"
    if let slot = definition.callerSlot {
      let given = named.take("caller")
      if let given, !given.isNone {
        inner[slot.index] = given
      } else {
        inner[slot.index] = .undefined(Undefined("No caller defined"))
      }
    }
    if let slot = definition.keywordsSlot {
      let keywords = DictObject(run)
      for (name, value) in named.named { keywords.set(name, to: value) }
      inner[slot.index] = .dict(keywords)
    } else if let extra = named.named.first {
      throw run.failure(
        .type, "macro '\(name)' takes no keyword argument '\(extra.name)'")
    }
    if let slot = definition.variadicSlot {
      inner[slot.index] = try run.tuple(Array(arguments.positional.dropFirst(parameters.count)))
    } else if arguments.count > parameters.count {
      throw run.failure(
        .type, "macro '\(name)' takes not more than \(parameters.count) argument(s)")
    }
    return inner
  }
}
