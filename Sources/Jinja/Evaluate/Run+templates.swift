/// Jinja: finding other templates, and running templates and blocks inside a render.

extension Run {
  func template(_ name: Value) throws(JinjaError) -> CompiledTemplate {
    switch name {
    case .string(let text), .markup(let text):
      guard let template = try environment.loaded(text) else {
        throw failure(.notFound, "There is no template \"\(text)\".")
      }
      return template
    case .undefined(let undefined): throw failure(.undefined, undefined.message)
    default:
      throw failure(
        .type, "The name of a template must be text, not \(name.typeName).")
    }
  }

  /// The first of several that exists, or the one.
  func template(anyOf value: Value) throws(JinjaError) -> CompiledTemplate {
    switch value {
    case .list, .tuple:
      var tried: [String] = []
      for name in try array(value) {
        if case .undefined(let undefined) = name { throw failure(.undefined, undefined.message) }
        guard let text = name.text else {
          throw failure(.type, "The name of a template must be text, not \(name.typeName).")
        }
        if let template = try environment.loaded(text) { return template }
        tried.append("\"\(text)\"")
      }
      throw failure(
        .notFound,
        tried.isEmpty
          ? "The list of templates to choose from is empty."
          : "None of these templates exists: \(joined(tried, separator: ", ")).")
    default: return try template(value)
    }
  }

  /// Runs a template, and then the one that it extends.
  func render(_ template: CompiledTemplate, in context: RenderContext) throws(JinjaError) {
    try enter(template.root.depth)
    let saved = (frame, self.context, templateName, line, parent)
    self.context = context
    for (name, block) in template.blocks where context.blocks[name] == nil {
      context.blocks[name] = [block]
    }
    try run(template)
    var extended = 0
    while let next = parent {
      extended += 1
      guard extended <= 100 else {
        throw failure(.limit, "Templates extend each other in a circle, or too many of them.")
      }
      try run(next)
    }
    (frame, self.context, templateName, line, parent) = saved
    leave(template.root.depth)
  }

  private func run(_ template: CompiledTemplate) throws(JinjaError) {
    frame = Frame(slotCount: template.root.slotCount, outer: nil)
    templateName = template.name
    parent = nil
    if let slot = template.selfSlot { self[slot] = .object(TemplateReference(context, self)) }
    try template.root.enterScope(self)
    _ = try template.root.statements.execute(self)
  }

  func render(_ block: CompiledTemplate.Block, in context: RenderContext) throws(JinjaError) {
    try enter(block.body.depth)
    let saved = (frame, self.context, templateName, line, parent)
    frame = Frame(slotCount: block.body.slotCount, outer: nil)
    self.context = context
    templateName = block.template
    parent = nil
    if let slot = block.selfSlot { self[slot] = .object(TemplateReference(context, self)) }
    if let slot = block.superSlot { self[slot] = superBlock(of: block, in: context) }
    try block.body.enterScope(self)
    _ = try block.body.statements.execute(self)
    (frame, self.context, templateName, line, parent) = saved
    leave(block.body.depth)
  }

  private func superBlock(
    of block: CompiledTemplate.Block, in context: RenderContext
  ) -> Value {
    let stack = context.blocks[block.name] ?? []
    let position = stack.firstIndex {
      $0.template == block.template && $0.identity == block.identity
    }
    guard let position, position + 1 < stack.count else {
      return .undefined(Undefined("there is no parent block called '\(block.name)'."))
    }
    return .object(BlockReference(block.name, context, stack, position + 1, self))
  }

  func values(_ locals: [LocalVariable]) -> [String: Value] {
    var result: [String: Value] = [:]
    for local in locals {
      let value = self[local.slot]
      if case .missing = value { continue }
      result[local.name] = value
    }
    return result
  }

  func module(
    _ template: CompiledTemplate, locals: [LocalVariable]?
  ) throws(JinjaError) -> ModuleObject {
    guard let locals else { return try module(template) }
    return try module(
      template, in: try context.derived(locals: values(locals), name: template.name, self))
  }

  /// Without context a template is run once and then kept.
  func module(_ template: CompiledTemplate) throws(JinjaError) -> ModuleObject {
    if let module = modules[template.name] { return module }
    let context = RenderContext(base: .variables([:]), name: template.name)
    let module = try module(template, in: context)
    modules[template.name] = module
    return module
  }

  private func module(
    _ template: CompiledTemplate, in context: RenderContext
  ) throws(JinjaError) -> ModuleObject {
    let text = try capture { () throws(JinjaError) in try render(template, in: context) }
    try allocate(text.utf8.count)
    var exports: [String: Value] = [:]
    for name in context.exported { exports[name] = context.variables[name] }
    return ModuleObject(template.name, text: text, exports: exports, self)
  }
}
