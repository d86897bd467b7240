/// Wire: a dictionary that forgets what was not used for the longest time.

/// At most `limit` values; the least recently used one makes room. Every operation takes constant
/// time, so that a flood of invented machines costs memory once and then nothing more.
package struct RecentlyUsed<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Node: Sendable {
    var key: Key
    var value: Value
    /// Neighbours in the order of use; `none` at the ends.
    var newer: Int32
    var older: Int32
  }

  private static var none: Int32 { -1 }

  package let limit: Int
  private var places: [Key: Int32] = [:]
  private var nodes: [Node] = []
  private var newest = Self.none
  private var oldest = Self.none

  package init(limit: Int) {
    self.limit = min(max(limit, 1), Int(Int32.max))
  }

  package var count: Int { nodes.count }

  /// The value, without counting as a use.
  package func peek(_ key: Key) -> Value? {
    places[key].map { nodes[Int($0)].value }
  }

  /// Changes the value of `key` and makes it the newest. `initial` stands in for one that is not there.
  package mutating func use<Result>(
    _ key: Key, initial: @autoclosure () -> Value, _ body: (inout Value, _ isNew: Bool) -> Result
  ) -> Result {
    if let place = places[key] {
      if place != newest {
        unlink(place)
        linkAsNewest(place)
      }
      return body(&nodes[Int(place)].value, false)
    }
    let place: Int32
    if nodes.count < limit {
      place = Int32(truncatingIfNeeded: nodes.count)
      nodes.append(Node(key: key, value: initial(), newer: Self.none, older: Self.none))
    } else {
      place = oldest
      unlink(place)
      places[nodes[Int(place)].key] = nil
      nodes[Int(place)].key = key
      nodes[Int(place)].value = initial()
    }
    places[key] = place
    linkAsNewest(place)
    return body(&nodes[Int(place)].value, true)
  }

  /// Sets the value of `key` and makes it the newest.
  package mutating func set(_ key: Key, to value: Value) {
    use(key, initial: value) { present, isNew in if !isNew { present = value } }
  }

  /// Changes the value of `key` where there is one; its place in the order stays.
  package mutating func change(_ key: Key, _ body: (inout Value) -> Void) {
    guard let place = places[key] else { return }
    body(&nodes[Int(place)].value)
  }

  private mutating func unlink(_ place: Int32) {
    let node = nodes[Int(place)]
    if node.newer == Self.none {
      newest = node.older
    } else {
      nodes[Int(node.newer)].older = node.older
    }
    if node.older == Self.none {
      oldest = node.newer
    } else {
      nodes[Int(node.older)].newer = node.newer
    }
  }

  private mutating func linkAsNewest(_ place: Int32) {
    nodes[Int(place)].newer = Self.none
    nodes[Int(place)].older = newest
    if newest == Self.none { oldest = place } else { nodes[Int(newest)].newer = place }
    newest = place
  }
}
