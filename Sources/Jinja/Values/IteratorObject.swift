/// Jinja: a sequence that is made while it is read, once: Python's generators.

final class IteratorObject: Object {
  typealias Pull = (Run) throws(JinjaError) -> Value?

  private var pull: Pull?
  private var isRunning = false
  override var typeName: String { "generator" }

  init(_ run: Run, pull: @escaping Pull) {
    self.pull = pull
    super.init(run)
  }

  convenience init(_ cursor: Cursor, _ run: Run) {
    var cursor = cursor
    self.init(run) { (run) throws(JinjaError) -> Value? in try cursor.next(run) }
  }

  func next(_ run: Run) throws(JinjaError) -> Value? {
    guard let pull else { return nil }
    guard !isRunning else { throw run.failure(.value, "generator already executing") }
    // What a generator calls can be another generator: the nesting is only known here.
    try run.enter(12)
    isRunning = true
    defer {
      isRunning = false
      run.leave(12)
    }
    try run.step()
    guard let value = try pull(run) else {
      self.pull = nil
      return nil
    }
    return value
  }

  override func cursor(_ run: Run) throws(JinjaError) -> Cursor? { .generator(self) }

  override func clear() { pull = nil }
}
