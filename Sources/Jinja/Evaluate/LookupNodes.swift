/// Jinja: nodes for attributes, items and slices.

final class AttributeNode: Evaluable {
  let object: any Evaluable
  let name: HashedName
  let line: Int
  private let isDictMethod: Bool
  /// The variable whose attribute it is, where it is one's.
  private let variable: Slot?

  init(_ object: any Evaluable, _ name: String, line: Int) {
    self.object = object
    self.name = HashedName(name)
    self.line = line
    isDictMethod = Methods.dict.contains(name)
    variable = (object as? NameNode)?.slot
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    if !isDictMethod, let variable, let item = run.dict(in: variable)?[name] {
      run.line = line
      return item
    }
    let value = try object.evaluate(run)
    run.line = line
    if !isDictMethod, case .dict(let dict) = value, let item = dict[name] { return item }
    return try run.attribute(name.text, of: value)
  }

  /// What is not there needs no message here.
  func kind(_ run: Run) throws(JinjaError) -> ValueKind {
    guard !isDictMethod, let variable, let dict = run.dict(in: variable) else {
      return try evaluate(run).kind
    }
    run.line = line
    return dict[name]?.kind ?? .undefined
  }
}

final class ItemNode: Evaluable {
  let object: any Evaluable
  let key: any Evaluable
  let line: Int

  init(_ object: any Evaluable, _ key: any Evaluable, line: Int) {
    self.object = object
    self.key = key
    self.line = line
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    let value = try object.evaluate(run)
    let key = try key.evaluate(run)
    run.line = line
    return try run.item(key, of: value)
  }
}

final class SliceNode: Evaluable {
  let object: any Evaluable
  let start: (any Evaluable)?
  let stop: (any Evaluable)?
  let step: (any Evaluable)?
  /// Then a value that can't be sliced is undefined, and no mistake.
  let isFolded: Bool
  let line: Int

  init(
    _ object: any Evaluable, start: (any Evaluable)?, stop: (any Evaluable)?,
    step: (any Evaluable)?, isFolded: Bool, line: Int
  ) {
    self.isFolded = isFolded
    self.object = object
    self.start = start
    self.stop = stop
    self.step = step
    self.line = line
  }

  func evaluate(_ run: Run) throws(JinjaError) -> Value {
    let value = try object.evaluate(run)
    let (start, stop) = (try start?.evaluate(run), try stop?.evaluate(run))
    let step = try step?.evaluate(run)
    run.line = line
    if isFolded, !run.isSliceable(value) {
      return .undefined(Undefined("\(value.typeName) object has no such slice"))
    }
    return try run.slice(value, start ?? .null, stop ?? .null, step ?? .null)
  }
}
