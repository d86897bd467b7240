/// Jinja: the entries of a dict in the order in which its keys came, and where each key is.

final class DictTable {
  private(set) var hashes: [HashKey] = []
  private(set) var keys: [Value] = []
  private(set) var values: [Value] = []
  /// Made when the dict is too large to look through.
  private var positions: [HashKey: Int]?

  private static let smallCount = 8

  init(capacity: Int) {
    hashes.reserveCapacity(capacity)
    keys.reserveCapacity(capacity)
    values.reserveCapacity(capacity)
  }

  func position(of hash: HashKey) -> Int? {
    if let positions { return positions[hash] }
    return hashes.firstIndex(of: hash)
  }

  func position(of name: String) -> Int? {
    if positions != nil { return position(of: .text(.init(string: name))) }
    for index in hashes.indices {
      if case .text(let text) = hashes[index], sameText(text.string, name) { return index }
    }
    return nil
  }

  func set(_ hash: HashKey, key: Value, to value: Value) {
    if let position = position(of: hash) {
      values[position] = value
    } else {
      append(hash, key: key, value)
    }
  }

  /// For a key that is not there yet.
  func append(_ hash: HashKey, key: Value, _ value: Value) {
    hashes.append(hash)
    keys.append(key)
    values.append(value)
    if positions != nil {
      positions?[hash] = hashes.count - 1
    } else if hashes.count > Self.smallCount {
      reindex()
    }
  }

  func remove(_ hash: HashKey) -> (key: Value, value: Value)? {
    guard let position = position(of: hash) else { return nil }
    hashes.remove(at: position)
    let removed = (key: keys.remove(at: position), value: values.remove(at: position))
    if positions != nil {
      if position == hashes.count { positions?[hash] = nil } else { reindex() }
    }
    return removed
  }

  private func reindex() {
    var result: [HashKey: Int] = [:]
    result.reserveCapacity(hashes.count)
    for (index, hash) in hashes.enumerated() { result[hash] = index }
    positions = result
  }
}
