/// Jinja: statements that bring in other templates, and blocks.

final class BlockStatement: Executable {
  let name: String
  let isRequired: Bool
  /// For scoped blocks: the variables around it.
  let locals: [LocalVariable]?
  let isSkippedInChild: Bool
  let line: Int

  init(
    _ name: String, isRequired: Bool, locals: [LocalVariable]?, isSkippedInChild: Bool, line: Int
  ) {
    self.name = name
    self.isRequired = isRequired
    self.locals = locals
    self.isSkippedInChild = isSkippedInChild
    self.line = line
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    if isSkippedInChild, run.parent != nil { return .next }
    run.line = line
    try run.step()
    let stack = run.context.blocks[name] ?? []
    if isRequired, stack.count <= 1 {
      throw run.failure(.runtime, "Required block '\(name)' not found")
    }
    guard let block = stack.first else { return .next }
    var context = run.context
    if let locals { context = try context.derived(locals: run.values(locals), run) }
    try run.render(block, in: context)
    return .next
  }
}

final class ExtendsStatement: Executable {
  let source: any Evaluable
  let line: Int

  init(_ source: any Evaluable, line: Int) {
    self.source = source
    self.line = line
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    run.line = line
    guard run.parent == nil else { throw run.failure(.runtime, "extended multiple times") }
    let parent = try run.template(try source.evaluate(run))
    for (name, block) in parent.blocks { run.context.blocks[name, default: []].append(block) }
    run.parent = parent
    return .next
  }
}

final class IncludeStatement: Executable {
  let source: any Evaluable
  let ignoresMissing: Bool
  let locals: [LocalVariable]?
  let line: Int

  init(_ source: any Evaluable, ignoresMissing: Bool, locals: [LocalVariable]?, line: Int) {
    self.source = source
    self.ignoresMissing = ignoresMissing
    self.locals = locals
    self.line = line
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    run.line = line
    try run.step()
    let value = try source.evaluate(run)
    let template: CompiledTemplate
    do throws(JinjaError) {
      template = try run.template(anyOf: value)
    } catch {
      if ignoresMissing, error.kind == .notFound { return .next }
      throw error
    }
    if let locals {
      let context = try run.context.derived(
        locals: run.values(locals), name: template.name, run)
      try run.render(template, in: context)
    } else {
      var text = ""
      try run.module(template).write(to: &text, run)
      try run.write(text)
    }
    return .next
  }
}

final class ImportStatement: Executable {
  let source: any Evaluable
  let slot: Slot
  /// Its name, at the top level: importers of this template don't see it.
  let hides: String?
  let locals: [LocalVariable]?
  let line: Int

  init(
    _ source: any Evaluable, slot: Slot, hides: String?, locals: [LocalVariable]?, line: Int
  ) {
    self.source = source
    self.slot = slot
    self.hides = hides
    self.locals = locals
    self.line = line
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    run.line = line
    let template = try run.template(try source.evaluate(run))
    let value = Value.object(try run.module(template, locals: locals))
    run[slot] = value
    if let hides { run.context.hide(hides, value) }
    return .next
  }
}

final class FromImportStatement: Executable {
  struct Name: Sendable {
    let name: String
    let alias: String
    let slot: Slot
  }

  let source: any Evaluable
  let names: [Name]
  let isTopLevel: Bool
  let locals: [LocalVariable]?
  let line: Int

  init(
    _ source: any Evaluable, names: [Name], isTopLevel: Bool, locals: [LocalVariable]?, line: Int
  ) {
    self.source = source
    self.names = names
    self.isTopLevel = isTopLevel
    self.locals = locals
    self.line = line
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    run.line = line
    let template = try run.template(try source.evaluate(run))
    let module = try run.module(template, locals: locals)
    for name in names {
      let value =
        module.export(name.name)
        ?? .undefined(
          Undefined(
            "the template '\(template.name)' (imported on line \(line) in '\(run.templateName)')"
              + " does not export the requested name '\(name.name)'"))
      run[name.slot] = value
      if isTopLevel { run.context.hide(name.alias, value) }
    }
    return .next
  }
}
