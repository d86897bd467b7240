/// TFTP: the transfers that are under way, bounded in all and for each client address.

package import Wire

/// Which transfer a request belongs to: the client's port is its transfer identifier (RFC 1350 §4).
package struct TFTPTransferKey: Hashable, Sendable {
  package var client: Endpoint
  package var local: IPAddress

  package init(client: Endpoint, local: IPAddress) {
    self.client = client
    self.local = local
  }
}

/// When it is full, a new transfer takes the place of the oldest one whose client has never
/// answered (a forged address, most likely). Clients that have answered are never pushed out.
struct TFTPTransferTable<Transfer> {
  private struct Entry {
    var transfer: Transfer
    var serial: UInt64
    var isAnswered = false
  }

  /// What must happen before a new transfer can be added.
  enum Room: Equatable {
    case free
    case evict(TFTPTransferKey)
    case none
  }

  private let capacity: Int
  private let capacityOfAddress: Int
  private var entries: [TFTPTransferKey: Entry] = [:]
  private var keys: [IPAddress: [TFTPTransferKey]] = [:]
  /// Oldest first. Those that ended or were answered stay until they are met or the list is
  /// cleaned.
  private var unanswered: [(key: TFTPTransferKey, serial: UInt64)] = []
  private var firstUnanswered = 0
  private var lastSerial: UInt64 = 0

  init(capacity: Int, capacityOfAddress: Int) {
    self.capacity = max(capacity, 1)
    self.capacityOfAddress = max(capacityOfAddress, 1)
  }

  var count: Int { entries.count }
  var allKeys: [TFTPTransferKey] { Array(entries.keys) }

  subscript(key: TFTPTransferKey) -> Transfer? { entries[key]?.transfer }

  /// Changes the transfer in place; nil when there is none.
  mutating func update<Result>(
    _ key: TFTPTransferKey, _ change: (inout Transfer) -> Result
  ) -> Result? {
    guard let index = entries.index(forKey: key) else { return nil }
    return change(&entries.values[index].transfer)
  }

  mutating func room(for key: TFTPTransferKey) -> Room {
    if let same = keys[key.client.address], same.count >= capacityOfAddress {
      let candidates = same.compactMap { key in entries[key].map { (key: key, entry: $0) } }
      let oldest = candidates.filter { !$0.entry.isAnswered }
        .min { $0.entry.serial < $1.entry.serial }
      return oldest.map { .evict($0.key) } ?? .none
    }
    if entries.count < capacity { return .free }
    while firstUnanswered < unanswered.count {
      let oldest = unanswered[firstUnanswered]
      if let entry = entries[oldest.key], entry.serial == oldest.serial, !entry.isAnswered {
        return .evict(oldest.key)
      }
      firstUnanswered += 1
    }
    return .none
  }

  /// The caller has made room.
  mutating func insert(_ transfer: Transfer, for key: TFTPTransferKey) {
    remove(key)
    lastSerial += 1
    entries[key] = Entry(transfer: transfer, serial: lastSerial)
    keys[key.client.address, default: []].append(key)
    unanswered.append((key, lastSerial))
    if unanswered.count > 2 * capacity + 16 { cleanUnanswered() }
  }

  mutating func markAnswered(_ key: TFTPTransferKey) {
    entries[key]?.isAnswered = true
  }

  @discardableResult
  mutating func remove(_ key: TFTPTransferKey) -> Transfer? {
    guard let entry = entries.removeValue(forKey: key) else { return nil }
    let address = key.client.address
    keys[address]?.removeAll { $0 == key }
    if keys[address]?.isEmpty == true { keys[address] = nil }
    return entry.transfer
  }

  private mutating func cleanUnanswered() {
    unanswered = unanswered[firstUnanswered...].filter { item in
      entries[item.key].map { $0.serial == item.serial && !$0.isAnswered } ?? false
    }
    firstUnanswered = 0
  }
}
