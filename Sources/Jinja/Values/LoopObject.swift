/// Jinja: `loop`: where a `for` is, what came before and what comes next.

final class LoopObject: Object {
  private var cursor: Cursor
  private var knownLength: Int?
  /// Read ahead by `last` and `nextitem`: nothing read, read and over, or an item.
  private enum Ahead {
    case unknown
    case over
    case item(Value)
  }
  private var ahead = Ahead.unknown
  private(set) var index0 = -1
  private var current: Value = .missing
  private var before: Value = .missing
  private var lastChanged: [Value]?
  private let depth0: Int
  /// Set by loops that are marked `recursive`.
  var recursion: RecursiveLoop?

  init(_ cursor: Cursor, length: Int?, depth0: Int, _ run: Run) {
    self.cursor = cursor
    knownLength = length
    self.depth0 = depth0
    super.init(run)
  }

  override var typeName: String { "LoopContext" }
  override var isCallable: Bool { true }

  override func clear() {
    cursor = .empty
    ahead = .over
    current = .null
    before = .null
    lastChanged = nil
    recursion = nil
  }

  func next(_ run: Run) throws(JinjaError) -> Value? {
    let value: Value
    switch ahead {
    case .over: return nil
    case .item(let item):
      value = item
      ahead = .unknown
    case .unknown:
      guard let item = try cursor.next(run) else { return nil }
      value = item
    }
    index0 += 1
    before = current
    current = value
    return value
  }

  private func peek(_ run: Run) throws(JinjaError) -> Value? {
    if case .unknown = ahead {
      if let item = try cursor.next(run) { ahead = .item(item) } else { ahead = .over }
    }
    if case .item(let item) = ahead { return item }
    return nil
  }

  func length(_ run: Run) throws(JinjaError) -> Int {
    if let knownLength { return knownLength }
    var rest: [Value] = []
    while let item = try cursor.next(run) {
      try run.allocate(32)
      rest.append(item)
    }
    var length = rest.count + index0 + 1
    if case .item = ahead { length += 1 }
    cursor = .array(rest, 0)
    knownLength = length
    return length
  }

  override func attribute(_ name: String, _ run: Run) throws(JinjaError) -> Value? {
    switch name {
    case "index": return .int(index0 + 1)
    case "index0": return .int(index0)
    case "first": return .bool(index0 == 0)
    case "last": return .bool(try peek(run) == nil)
    case "length": return .int(try length(run))
    case "revindex": return .int(try length(run) - index0)
    case "revindex0": return .int(try length(run) - index0 - 1)
    case "depth": return .int(depth0 + 1)
    case "depth0": return .int(depth0)
    case "previtem":
      return index0 == 0 ? .undefined(Undefined("there is no previous item")) : before
    case "nextitem":
      return try peek(run) ?? .undefined(Undefined("there is no next item"))
    case "cycle", "changed": return .object(MethodObject(.object(self), name, run))
    default: return nil
    }
  }

  func cycle(_ items: [Value], _ run: Run) throws(JinjaError) -> Value {
    guard !items.isEmpty else { throw run.failure(.type, "no items for cycling given") }
    return items[max(0, index0) % items.count]
  }

  func changed(_ values: [Value], _ run: Run) throws(JinjaError) -> Bool {
    if let lastChanged, lastChanged.count == values.count {
      var isSame = true
      for (old, new) in zip(lastChanged, values) where isSame {
        isSame = try run.isEqual(old, new)
      }
      if isSame { return false }
    }
    lastChanged = values
    return true
  }

  override func call(_ arguments: Arguments, _ run: Run) throws(JinjaError) -> Value {
    let bound = try arguments.bind(["iterable"], required: 1, for: "loop", run)
    guard let recursion else {
      throw run.failure(
        .type, "The loop must have the 'recursive' marker to be called recursively.")
    }
    return try recursion.render(bound[0] ?? .null, depth: depth0 + 1, run)
  }

  override func write(to text: inout String, _ run: Run) throws(JinjaError) {
    text += "<LoopContext \(index0 + 1)/\(try length(run))>"
  }
}
