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
    guard let frame, let context else { return .string("") }
    let inner = Frame(slotCount: definition.body.slotCount, outer: frame)
    try bind(arguments, to: inner, run)
    try run.enter(definition.body.depth)
    try run.allocate(inner.count * 24)
    let saved = (run.frame, run.context, run.templateName, run.line, run.autoescape)
    run.frame = inner
    run.context = context
    run.templateName = templateName
    run.autoescape = autoescape
    // An error keeps the place where it happened; nothing runs after it.
    let text = try run.capture { () throws(JinjaError) in
      try definition.body.enterScope(run)
      try definition.fillDefaults(run)
      _ = try run.execute(definition.body.statements)
    }
    (run.frame, run.context, run.templateName, run.line, run.autoescape) = saved
    run.leave(definition.body.depth)
    try run.allocate(text.utf8.count)
    return run.autoescape ? .markup(text) : .string(text)
  }

  private func bind(
    _ arguments: Arguments, to inner: Frame, _ run: Run
  ) throws(JinjaError) {
    var named = arguments
    named.positional = []
    let parameters = definition.parameters
    for (index, parameter) in parameters.enumerated() {
      if index < arguments.positional.count {
        inner[parameter.slot.index] = arguments.positional[index]
      } else if let value = named.take(parameter.name) {
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
    let rest = Array(arguments.positional.dropFirst(parameters.count))
    if let slot = definition.variadicSlot {
      inner[slot.index] = try run.tuple(rest)
    } else if !rest.isEmpty {
      throw run.failure(
        .type, "macro '\(name)' takes not more than \(parameters.count) argument(s)")
    }
  }
}
