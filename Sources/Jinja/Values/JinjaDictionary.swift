/// Jinja: an object of JSON that remembers the order of its keys.

package struct JinjaDictionary: Sendable, Equatable, ExpressibleByDictionaryLiteral, Sequence {
  /// A key with its hash: a template knows the hashes of its names and computes none.
  struct Entry: Sendable {
    let hash: Int
    let key: String
    var value: JinjaValue
  }

  private(set) var entries: [Entry] = []
  /// Open addressing over the entries, where there are too many to look through.
  private var table: [Int32] = []

  private static let smallCount = 8

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

  @inline(__always)
  func position(of key: String, hash: Int) -> Int? {
    if table.isEmpty {
      for position in entries.indices where entries[position].hash == hash {
        if entries[position].key == key { return position }
      }
      return nil
    }
    let mask = table.count - 1
    var index = hash & mask
    while true {
      let position = Int(table[index])
      if position < 0 { return nil }
      if entries[position].hash == hash, entries[position].key == key { return position }
      index = (index + 1) & mask
    }
  }

  /// The table is never more than half full, so that a search always ends.
  private mutating func note(_ position: Int) {
    if table.isEmpty, entries.count <= Self.smallCount { return }
    if table.count < entries.count * 2 {
      table = [Int32](repeating: -1, count: Swift.max(32, table.count * 4))
      for known in entries.indices { insert(known) }
    } else {
      insert(position)
    }
  }

  private mutating func insert(_ position: Int) {
    let mask = table.count - 1
    var index = entries[position].hash & mask
    while table[index] >= 0 { index = (index + 1) & mask }
    table[index] = Int32(truncatingIfNeeded: position)
  }

  package var keys: [String] { entries.map(\.key) }
  package var values: [JinjaValue] { entries.map(\.value) }
  package var count: Int { entries.count }
  package var isEmpty: Bool { entries.isEmpty }

  /// A new key goes to the end; nil removes.
  package subscript(key: String) -> JinjaValue? {
    get { position(of: key).map { entries[$0].value } }
    set {
      let hash = Self.hash(key)
      let position = position(of: key, hash: hash)
      if let newValue {
        if let position {
          entries[position].value = newValue
        } else {
          entries.append(Entry(hash: hash, key: key, value: newValue))
          note(entries.count - 1)
        }
      } else if let position {
        entries.remove(at: position)
        if table.isEmpty { return }
        table = [Int32](repeating: -1, count: table.count)
        for known in entries.indices { insert(known) }
      }
    }
  }

  package func makeIterator() -> AnyIterator<(key: String, value: JinjaValue)> {
    var index = 0
    return AnyIterator {
      guard index < entries.count else { return nil }
      defer { index += 1 }
      return (entries[index].key, entries[index].value)
    }
  }

  /// Equal when the same keys have equal values, in any order, as in Python.
  package static func == (a: JinjaDictionary, b: JinjaDictionary) -> Bool {
    guard a.count == b.count else { return false }
    for entry in a.entries {
      guard let position = b.position(of: entry.key, hash: entry.hash),
        b.entries[position].value == entry.value
      else { return false }
    }
    return true
  }
}
