/// Jinja: a dict that keeps the order in which its keys came.

final class DictObject: Object {
  private var storedHashes: [HashKey] = []
  private var storedKeys: [Value] = []
  private var storedValues: [Value] = []
  /// Made when the dict is too large to look through.
  private var positions: [HashKey: Int]?
  /// What the caller gave, until more than a look at one of its keys is asked for.
  private var source: JinjaDictionary?
  /// Converts what is inside; let go of by `clear`, as all is that the run knows.
  private var run: Run?

  private static let smallCount = 8

  override init(_ run: Run) { super.init(run) }

  init(_ source: JinjaDictionary, _ run: Run) {
    self.source = source
    self.run = run
    super.init(run)
  }

  var hashes: [HashKey] {
    if source != nil { convert() }
    return storedHashes
  }

  var keys: [Value] {
    if source != nil { convert() }
    return storedKeys
  }

  var values: [Value] {
    if source != nil { convert() }
    return storedValues
  }

  var count: Int { source?.count ?? storedKeys.count }

  private func convert() {
    guard let given = source else { return }
    source = nil
    storedHashes = given.keys.map { .text(.init(string: $0)) }
    storedKeys = given.keys.map { .string($0) }
    if let run { storedValues = given.values.map { run.value($0) } }
    if storedHashes.count > Self.smallCount { reindex() }
  }

  override func clear() {
    source = nil
    run = nil
    storedHashes = []
    storedKeys = []
    storedValues = []
    positions = nil
  }

  func position(of hash: HashKey) -> Int? {
    if source != nil { convert() }
    if let positions { return positions[hash] }
    return storedHashes.firstIndex(of: hash)
  }

  subscript(hash: HashKey) -> Value? {
    guard let position = position(of: hash), position < storedValues.count else { return nil }
    return storedValues[position]
  }

  subscript(name: String) -> Value? {
    if let source {
      guard let position = source.position(of: name) else { return nil }
      switch source.values[position] {
      case .list, .dict: convert()
      case let scalar: return run?.value(scalar)
      }
    }
    if positions == nil {
      for (index, hash) in storedHashes.enumerated() {
        if case .text(let text) = hash, sameText(text.string, name) { return storedValues[index] }
      }
      return nil
    }
    return self[.text(.init(string: name))]
  }

  func set(_ hash: HashKey, key: Value, to value: Value) {
    if let position = position(of: hash) {
      storedValues[position] = value
      return
    }
    storedHashes.append(hash)
    storedKeys.append(key)
    storedValues.append(value)
    if positions != nil {
      positions?[hash] = storedHashes.count - 1
    } else if storedHashes.count > Self.smallCount {
      reindex()
    }
  }

  func set(_ name: String, to value: Value) {
    set(.text(.init(string: name)), key: .string(name), to: value)
  }

  func remove(_ hash: HashKey) -> (key: Value, value: Value)? {
    guard let position = position(of: hash) else { return nil }
    storedHashes.remove(at: position)
    let removed = (key: storedKeys.remove(at: position), value: storedValues.remove(at: position))
    if positions != nil {
      if position == storedHashes.count { positions?[hash] = nil } else { reindex() }
    }
    return removed
  }

  private func reindex() {
    var result: [HashKey: Int] = [:]
    result.reserveCapacity(storedHashes.count)
    for (index, hash) in storedHashes.enumerated() { result[hash] = index }
    positions = result
  }
}
