/// Inventory: records by name, with the names in order; and which hosts claim an address.

package struct SortedRecords<Record: Sendable>: Sendable {
  package private(set) var names: [String] = []
  /// Each at the place of its name.
  private(set) var records: [Record] = []
  /// Another one for other names.
  private var text = NameListText()

  package init() {}

  package var count: Int { names.count }

  package subscript(name: String) -> Record? {
    let place = place(of: name)
    return place < names.count && names[place] == name ? records[place] : nil
  }

  /// All names as a list in JSON.
  package var json: [UInt8] { text.all(names) }

  /// The names at these places, which are in order, as a list in JSON.
  func json(at places: [Int]) -> [UInt8] { text.some(names, at: places) }

  /// Answers what was there. Whoever sets many at once calls `sort` at the end, and asks for none
  /// before.
  @discardableResult
  mutating func set(_ name: String, to record: Record, isSorting: Bool = true) -> Record? {
    let place = isSorting ? place(of: name) : names.count
    if place < names.count, names[place] == name {
      let former = records[place]
      records[place] = record
      return former
    }
    names.insert(name, at: place)
    records.insert(record, at: place)
    text = NameListText()
    return nil
  }

  mutating func remove(_ name: String) -> Record? {
    let place = place(of: name)
    guard place < names.count, names[place] == name else { return nil }
    names.remove(at: place)
    text = NameListText()
    return records.remove(at: place)
  }

  /// Of records with one name the last one counts.
  mutating func sort() {
    let order = names.indices.sorted { a, b in
      names[a] < names[b] || (a < b && names[a] == names[b])
    }
    var sorted: (names: [String], records: [Record]) = ([], [])
    for place in order {
      if sorted.names.last == names[place] {
        sorted.names.removeLast()
        sorted.records.removeLast()
      }
      sorted.names.append(names[place])
      sorted.records.append(records[place])
    }
    (names, records) = sorted
    text = NameListText()
  }

  /// Of a name, or where it would be.
  private func place(of name: String) -> Int {
    var (low, high) = (0, names.count)
    while low < high {
      let middle = low + (high - low) / 2
      if names[middle] < name { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Where several hosts claim one address, the first by name has it, whatever came first.
struct HostIndex<Address: Hashable & Sendable>: Sendable {
  private var first: [Address: String] = [:]
  private var more: [Address: Set<String>] = [:]

  subscript(address: Address) -> String? { first[address] }

  mutating func add(_ id: String, for addresses: [Address]) {
    for address in addresses {
      guard let other = first[address] else {
        first[address] = id
        continue
      }
      guard other != id else { continue }
      first[address] = min(other, id)
      more[address, default: []].insert(max(other, id))
    }
  }

  mutating func remove(_ id: String, for addresses: [Address]) {
    for address in addresses {
      if first[address] == id {
        first[address] = more[address]?.min()
        if let next = first[address] { more[address]?.remove(next) }
      } else {
        more[address]?.remove(id)
      }
      if more[address]?.isEmpty == true { more[address] = nil }
    }
  }
}
