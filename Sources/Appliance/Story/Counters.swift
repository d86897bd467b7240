/// Appliance: how often each thing happened, for `/metrics`.

import Synchronization

/// Every message that is dropped costs one count here, and nothing else.
package final class Counters: Sendable {
  private let counts = Mutex<[String: Int]>([:])

  package init() {}

  func add(_ name: String, _ count: Int = 1) {
    counts.withLock { $0[name, default: 0] += count }
  }

  package var all: [(name: String, value: Int)] {
    counts.withLock { $0 }.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
  }
}
