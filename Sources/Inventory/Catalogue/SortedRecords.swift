/// Inventory: records by name, with the names in order; and which hosts claim an address.

package struct SortedRecords<Record: Sendable>: Sendable {
  private var records: [String: Record] = [:]
  package private(set) var names: [String] = []

  package init() {}

  package var count: Int { records.count }
  package subscript(name: String) -> Record? { records[name] }

  /// In order. To look up ten thousand names one by one takes longer than to walk once and sort.
  func names(where isWanted: (Record) -> Bool) -> [String] {
    let found = records.compactMap { isWanted($0.value) ? $0.key : nil }
    guard found.count > names.count / 8 else { return found.sorted() }
    let wanted = Set(found)
    return names.filter { wanted.contains($0) }
  }

  /// Whoever sets many at once calls `sort` at the end.
  mutating func set(_ name: String, to record: Record, isSorting: Bool = true) {
    guard records.updateValue(record, forKey: name) == nil else { return }
    names.insert(name, at: isSorting ? place(of: name) : names.count)
  }

  mutating func remove(_ name: String) -> Record? {
    guard let record = records.removeValue(forKey: name) else { return nil }
    let place = place(of: name)
    if place < names.count, names[place] == name { names.remove(at: place) }
    return record
  }

  mutating func sort() {
    names.sort()
  }

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
