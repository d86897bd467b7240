/// Images: who has how much of the cache, and who goes first.

/// Sizes and the order of use. Pure: files are removed by whoever asks.
struct CacheLedger: Equatable, Sendable {
  let capacity: Int
  private(set) var used = 0
  private var sizes: [CacheName: Int] = [:]
  /// Whole images, least recently used first. What is still downloading is not here.
  private var order: [CacheName] = []

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// Makes `name`'s share at least `bytes`. Answers what must go for it; nil, and nothing changes,
  /// when all that may go is not enough.
  mutating func reserve(_ bytes: Int, for name: CacheName) -> [CacheName]? {
    let have = sizes[name] ?? 0
    guard bytes > have else { return [] }
    guard bytes <= capacity else { return nil }
    var missing = used - capacity + (bytes - have)
    var evicted: [CacheName] = []
    for old in order where missing > 0 && old != name {
      missing -= sizes[old] ?? 0
      evicted.append(old)
    }
    guard missing <= 0 else { return nil }
    for old in evicted { remove(old) }
    sizes[name] = bytes
    used += bytes - have
    return evicted
  }

  /// It is whole now and has this size; used just now.
  mutating func settle(_ name: CacheName, bytes: Int) {
    used += bytes - (sizes[name] ?? 0)
    sizes[name] = bytes
    order.removeAll { $0 == name }
    order.append(name)
  }

  /// Used just now. Nothing when it is not a whole image of ours (any more).
  mutating func touch(_ name: CacheName) {
    guard let index = order.firstIndex(of: name) else { return }
    order.append(order.remove(at: index))
  }

  /// It is being written to again: it may not go.
  mutating func hold(_ name: CacheName) {
    order.removeAll { $0 == name }
  }

  mutating func remove(_ name: CacheName) {
    used -= sizes.removeValue(forKey: name) ?? 0
    order.removeAll { $0 == name }
  }

  /// What could go for `bytes` more on a disk that others fill too, oldest first; nil, and nothing
  /// changes, when that is not enough.
  mutating func evict(_ bytes: Int) -> [CacheName]? {
    var missing = bytes
    var evicted: [CacheName] = []
    for old in order where missing > 0 {
      missing -= sizes[old] ?? 0
      evicted.append(old)
    }
    guard missing <= 0 else { return nil }
    for old in evicted { remove(old) }
    return evicted
  }

  /// The next that goes.
  mutating func evictOldest() -> CacheName? {
    guard let name = order.first else { return nil }
    remove(name)
    return name
  }
}
