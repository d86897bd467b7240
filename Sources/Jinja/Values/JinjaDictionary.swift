/// Jinja: an object of JSON that remembers the order of its keys.

package struct JinjaDictionary: Sendable, Equatable, ExpressibleByDictionaryLiteral, Sequence {
  package private(set) var keys: [String] = []
  package private(set) var values: [JinjaValue] = []
  /// The hash of each key, and a table of open addressing over them: a template knows the hashes
  /// of its names, and finds them without computing any.
  private var hashes: [Int] = []
  private var table: [Int32] = []

  package init() {}

  package init(dictionaryLiteral elements: (String, JinjaValue)...) {
    for (key, value) in elements { self[key] = value }
  }

  package init(_ pairs: some Sequence<(String, JinjaValue)>) {
    for (key, value) in pairs { self[key] = value }
  }

  /// Seeded anew in every process.
  static func hash(_ key: String) -> Int { key.hashValue }

  func position(of key: String) -> Int? { position(of: key, hash: Self.hash(key)) }

  func position(of key: String, hash: Int) -> Int? {
    guard !table.isEmpty else { return nil }
    let mask = table.count - 1
    var index = hash & mask
    while true {
      let position = Int(table[index])
      if position < 0 { return nil }
      if hashes[position] == hash, keys[position] == key { return position }
      index = (index + 1) & mask
    }
  }

  /// The table is never more than half full, so that a search always ends.
  private mutating func note(_ position: Int) {
    if table.count < keys.count * 2 {
      table = [Int32](repeating: -1, count: Swift.max(16, table.count * 4))
      for known in hashes.indices { insert(known) }
    } else {
      insert(position)
    }
  }

  private mutating func insert(_ position: Int) {
    let mask = table.count - 1
    var index = hashes[position] & mask
    while table[index] >= 0 { index = (index + 1) & mask }
    table[index] = Int32(truncatingIfNeeded: position)
  }

  package var count: Int { keys.count }
  package var isEmpty: Bool { keys.isEmpty }

  /// A new key goes to the end; nil removes.
  package subscript(key: String) -> JinjaValue? {
    get { position(of: key).map { values[$0] } }
    set {
      let hash = Self.hash(key)
      let position = position(of: key, hash: hash)
      if let newValue {
        if let position {
          values[position] = newValue
        } else {
          keys.append(key)
          values.append(newValue)
          hashes.append(hash)
          note(keys.count - 1)
        }
      } else if let position {
        keys.remove(at: position)
        values.remove(at: position)
        hashes.remove(at: position)
        table = [Int32](repeating: -1, count: table.count)
        for known in hashes.indices { insert(known) }
      }
    }
  }

  package func makeIterator() -> AnyIterator<(key: String, value: JinjaValue)> {
    var index = 0
    return AnyIterator {
      guard index < keys.count else { return nil }
      defer { index += 1 }
      return (keys[index], values[index])
    }
  }

  /// Equal when the same keys have equal values, in any order, as in Python.
  package static func == (a: JinjaDictionary, b: JinjaDictionary) -> Bool {
    guard a.count == b.count else { return false }
    for (key, value) in a where b[key] != value { return false }
    return true
  }
}
