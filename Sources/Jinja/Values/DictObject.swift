/// Jinja: a dict that keeps the order in which its keys came.

final class DictObject: Object {
  /// What the caller gave, used until more than a look at one of its keys is asked for.
  private let given: JinjaDictionary
  private var containers = GivenContainers()
  /// nil while `given` is enough.
  private var table: DictTable?
  /// Converts what is inside. Nothing is asked for when the run is over.
  private unowned(unsafe) let run: Run

  init(capacity: Int, _ run: Run) {
    given = [:]
    table = DictTable(capacity: capacity)
    self.run = run
    super.init(run)
  }

  override convenience init(_ run: Run) { self.init(capacity: 0, run) }

  init(_ given: JinjaDictionary, _ run: Run) {
    self.given = given
    self.run = run
    super.init(run)
  }

  var hashes: [HashKey] { converted.hashes }
  var keys: [Value] { converted.keys }
  var values: [Value] { converted.values }
  var count: Int { table?.hashes.count ?? given.count }

  @inline(__always)
  private func givenValue(at position: Int) -> Value {
    if let scalar = given.entries[position].value.scalar { return scalar }
    if let known = containers.value(at: position) { return known }
    let value = run.value(given.entries[position].value)
    containers = containers.keeping(value, at: position)
    return value
  }

  private var converted: DictTable {
    if let table { return table }
    let table = DictTable(capacity: given.count)
    for (position, entry) in given.entries.enumerated() {
      table.append(
        .text(.init(string: entry.key)), key: .string(entry.key), givenValue(at: position))
    }
    self.table = table
    containers = GivenContainers()
    return table
  }

  override func clear() {
    containers = GivenContainers()
    table = nil
  }

  subscript(hash: HashKey) -> Value? {
    let table = converted
    guard let position = table.position(of: hash) else { return nil }
    return table.values[position]
  }

  /// For a name whose hash is known.
  @inline(__always)
  subscript(name: HashedName) -> Value? {
    if let table { return table.position(of: name.text).map { table.values[$0] } }
    guard let position = given.position(of: name.text, hash: name.hash) else { return nil }
    return givenValue(at: position)
  }

  subscript(name: String) -> Value? {
    if let table { return table.position(of: name).map { table.values[$0] } }
    guard let position = given.position(of: name) else { return nil }
    return givenValue(at: position)
  }

  func set(_ hash: HashKey, key: Value, to value: Value) {
    converted.set(hash, key: key, to: value)
  }

  func set(_ name: String, to value: Value) {
    set(.text(.init(string: name)), key: .string(name), to: value)
  }

  func remove(_ hash: HashKey) -> (key: Value, value: Value)? { converted.remove(hash) }
}
