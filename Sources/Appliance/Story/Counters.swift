/// Appliance: how often each thing happened, for `/metrics`.

import Synchronization

/// One count. Who counts often keeps it at hand.
final class Counter: Sendable {
  private let count = Atomic(0)

  func add(_ more: Int = 1) {
    count.wrappingAdd(more, ordering: .relaxed)
  }

  var value: Int { count.load(ordering: .relaxed) }
}

/// Every message that is dropped costs one count here, and nothing else.
package final class Counters: Sendable {
  private let counters = Mutex<[String: Counter]>([:])

  package init() {}

  /// The one of this name, from now on the same.
  func counter(_ name: String) -> Counter {
    counters.withLock { counters in
      if let counter = counters[name] { return counter }
      let counter = Counter()
      counters[name] = counter
      return counter
    }
  }

  func add(_ name: String, _ more: Int = 1) {
    counter(name).add(more)
  }

  /// By name, also those that are 0.
  package var all: [(name: String, value: Int)] {
    counters.withLock { $0 }.sorted { $0.key < $1.key }.map {
      (name: $0.key, value: $0.value.value)
    }
  }
}
