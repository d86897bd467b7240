/// Jinja: templates as values: imported modules, `self`, and blocks by name.

/// What `import` answers: the template's exported variables, and its text.
final class ModuleObject: Object {
  let name: String
  private var text: String
  private var exports: [String: Value]

  init(_ name: String, text: String, exports: [String: Value], _ run: Run) {
    self.name = name
    self.text = text
    self.exports = exports
    super.init(run)
  }

  override var typeName: String { "TemplateModule" }
  override func clear() { exports = [:] }

  func export(_ name: String) -> Value? { exports[name] }

  override func attribute(_ name: String, _ run: Run) throws(JinjaError) -> Value? {
    exports[name]
  }

  override func write(to text: inout String, _ run: Run) throws(JinjaError) {
    try run.allocate(self.text.utf8.count)
    text += self.text
  }
}

/// `self`: the blocks of the running template.
final class TemplateReference: Object {
  private var context: RenderContext?

  init(_ context: RenderContext, _ run: Run) {
    self.context = context
    super.init(run)
  }

  override var typeName: String { "TemplateReference" }
  override func clear() { context = nil }

  override func item(_ key: Value, _ run: Run) throws(JinjaError) -> Value? {
    guard let context, case .string(let name) = key, let stack = context.blocks[name],
      !stack.isEmpty
    else { return nil }
    return .object(BlockReference(name, context, stack, 0, run))
  }

  override func attribute(_ name: String, _ run: Run) throws(JinjaError) -> Value? {
    try item(.string(name), run)
  }

  override func write(to text: inout String, _ run: Run) throws(JinjaError) {
    text += "<TemplateReference "
    if let context, !context.name.isEmpty {
      try run.writeRepr(.string(context.name), to: &text)
    } else {
      text += "None"
    }
    text += ">"
  }
}

/// `super` and `self.name`: a block that renders when it is called.
final class BlockReference: Object {
  private let name: String
  private var context: RenderContext?
  private let stack: [CompiledTemplate.Block]
  private let level: Int

  /// Needs level < stack.count.
  init(
    _ name: String, _ context: RenderContext, _ stack: [CompiledTemplate.Block], _ level: Int,
    _ run: Run
  ) {
    self.name = name
    self.context = context
    self.stack = stack
    self.level = level
    super.init(run)
  }

  override var typeName: String { "BlockReference" }
  override var isCallable: Bool { true }
  override func clear() { context = nil }

  override func attribute(_ name: String, _ run: Run) throws(JinjaError) -> Value? {
    switch name {
    case "name": return .string(self.name)
    case "super":
      guard let context, level + 1 < stack.count else {
        return .undefined(Undefined("there is no parent block called '\(self.name)'."))
      }
      return .object(BlockReference(self.name, context, stack, level + 1, run))
    default: return nil
    }
  }

  override func call(_ arguments: Arguments, _ run: Run) throws(JinjaError) -> Value {
    try arguments.refuseAll(for: "block '\(name)'", run)
    guard let context else { return .string("") }
    let text = try run.capture { () throws(JinjaError) in
      try run.render(stack[level], in: context)
    }
    try run.allocate(text.utf8.count)
    return run.autoescape ? .markup(text) : .string(text)
  }
}
