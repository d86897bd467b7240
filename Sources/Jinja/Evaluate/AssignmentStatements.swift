/// Jinja: `set`, and what assignments do.

indirect enum AssignmentTarget: Sendable {
  case slot(Slot)
  case namespace(Slot, attribute: String)
  case tuple([AssignmentTarget])
}

final class AssignStatement: Executable {
  let target: AssignmentTarget
  let value: any Evaluable
  let exports: [LocalVariable]
  let line: Int

  init(
    _ target: AssignmentTarget, _ value: any Evaluable, exports: [LocalVariable], line: Int
  ) {
    self.target = target
    self.value = value
    self.exports = exports
    self.line = line
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    run.line = line
    try run.step()
    try run.refuseForeign(target)
    try run.assign(try value.evaluate(run), to: target)
    run.export(exports)
    return .next
  }
}

final class AssignBlockStatement: Executable {
  let target: AssignmentTarget
  let filter: (any Evaluable)?
  let entry: (any ScopeEntry)?
  let body: any Executable
  let exports: [LocalVariable]
  let line: Int

  init(
    _ target: AssignmentTarget, filter: (any Evaluable)?, entry: (any ScopeEntry)?,
    body: any Executable, exports: [LocalVariable], line: Int
  ) {
    self.target = target
    self.filter = filter
    self.entry = entry
    self.body = body
    self.exports = exports
    self.line = line
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    run.line = line
    try run.step()
    try run.enterScope(entry)
    var flow = Flow.next
    let text = try run.capture { () throws(JinjaError) in flow = try body.execute(run) }
    guard case .next = flow else { return flow }
    run.line = line
    try run.allocate(text.utf8.count)
    var value: Value = run.autoescape ? .markup(text) : .string(text)
    if let filter {
      value = try run.filtered(text, by: filter)
      if run.autoescape { value = .markup(try run.string(value)) }
    }
    try run.refuseForeign(target)
    try run.assign(value, to: target)
    run.export(exports)
    return .next
  }
}

final class MacroStatement: Executable {
  let definition: MacroDefinition
  let slot: Slot
  /// Its name, at the top level.
  let exports: String?

  init(_ definition: MacroDefinition, slot: Slot, exports: String?) {
    self.definition = definition
    self.slot = slot
    self.exports = exports
  }

  func execute(_ run: Run) throws(JinjaError) -> Flow {
    try run.step()
    let value = Value.object(MacroObject(definition, run))
    run[slot] = value
    if let exports { run.context.export(exports, value) }
    return .next
  }
}

extension Run {
  func assign(_ value: Value, to target: AssignmentTarget) throws(JinjaError) {
    switch target {
    case .slot(let slot): self[slot] = value
    case .namespace(let slot, let attribute):
      guard case .object(let object) = self[slot], let namespace = object as? NamespaceObject
      else { throw failure(.runtime, "cannot assign attribute on non-namespace object") }
      try allocate(64)
      namespace.attributes.set(attribute, to: value)
    case .tuple(let targets):
      guard var cursor = try cursorIfIterable(value) else {
        throw failure(.type, "cannot unpack non-iterable \(value.typeName) object")
      }
      var items: [Value] = []
      while items.count < targets.count, let item = try cursor.next(self) { items.append(item) }
      guard items.count == targets.count else {
        throw failure(
          .value,
          "not enough values to unpack (expected \(targets.count), got \(items.count))")
      }
      if try cursor.next(self) != nil {
        throw failure(.value, "too many values to unpack (expected \(targets.count))")
      }
      for index in targets.indices { try assign(items[index], to: targets[index]) }
    }
  }

  /// `set a.b` is for namespaces only; Jinja2 looks before it evaluates the value.
  func refuseForeign(_ target: AssignmentTarget) throws(JinjaError) {
    switch target {
    case .slot: return
    case .namespace(let slot, _):
      if case .object(let object) = self[slot], object is NamespaceObject { return }
      throw failure(.runtime, "cannot assign attribute on non-namespace object")
    case .tuple(let targets): for target in targets { try refuseForeign(target) }
    }
  }

  func export(_ variables: [LocalVariable]) {
    for variable in variables { context.export(variable.name, self[variable.slot]) }
  }
}
