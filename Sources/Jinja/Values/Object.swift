/// Jinja: the base of everything that has an identity while a template runs.

/// Each object is known to its run, which empties it when the render ends: so circles are freed,
/// and freeing a long chain of objects needs no stack.
class Object {
  /// The object that its run came to know before this one.
  fileprivate(set) final var older: Object?

  init(_ run: Run) { run.adopt(self) }

  var typeName: String { "object" }
  var isCallable: Bool { false }
  var truth: Bool { true }
  /// `len()`; nil where Python has none.
  var length: Int? { nil }

  func attribute(_ name: String, _ run: Run) throws(JinjaError) -> Value? { nil }

  func item(_ key: Value, _ run: Run) throws(JinjaError) -> Value? { nil }

  func call(_ arguments: Arguments, _ run: Run) throws(JinjaError) -> Value {
    throw run.failure(.type, "'\(typeName)' object is not callable")
  }

  /// How to walk through it; nil where it can't be iterated.
  func cursor(_ run: Run) throws(JinjaError) -> Cursor? { nil }

  func contains(_ value: Value, _ run: Run) throws(JinjaError) -> Bool? { nil }

  func isEqual(to other: Object, _ run: Run) throws(JinjaError) -> Bool { self === other }

  /// What `str()` and `repr()` answer.
  func write(to text: inout String, _ run: Run) throws(JinjaError) {
    text += "<\(typeName) object>"
  }

  /// Lets go of everything it holds.
  func clear() {}
}

extension Run {
  func adopt(_ object: Object) {
    object.older = newest
    newest = object
    count(64)
  }

  /// Empties all objects, without recursion.
  func clearObjects() {
    while let object = newest {
      newest = object.older
      object.older = nil
      object.clear()
    }
  }
}

final class ListObject: Object {
  var items: [Value]

  init(_ items: [Value], _ run: Run) {
    self.items = items
    super.init(run)
  }

  /// A list of the caller. Lists in it are converted with it; the parser of JSON bounds their depth.
  init(given: [JinjaValue], _ run: Run) {
    var items: [Value] = []
    items.reserveCapacity(given.count)
    for item in given { items.append(item.scalar ?? run.value(item)) }
    self.items = items
    super.init(run)
    run.count(given.count * 24)
  }

  override func clear() { items = [] }
}

final class TupleObject: Object {
  private(set) var items: [Value]
  /// Names of the fields, for the groups of `groupby`.
  let fields: [String]

  init(_ items: [Value], fields: [String] = [], _ run: Run) {
    self.items = items
    self.fields = fields
    super.init(run)
  }

  override func clear() { items = [] }
}
