/// TFTP: when a worker must look at which transfer.

/// A binary heap. An entry is good as long as its transfer still has that alarm; others are left out
/// when their time comes.
struct TFTPAlarms {
  typealias Instant = ContinuousClock.Instant

  struct Entry {
    var time: Instant
    var key: TFTPTransferKey
    var serial: UInt64
  }

  private var heap: [Entry] = []

  var next: Instant? { heap.first?.time }
  var count: Int { heap.count }

  mutating func add(_ entry: Entry) {
    heap.append(entry)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].time < heap[parent].time else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  /// The first entry whose time has come.
  mutating func takeDue(at now: Instant) -> Entry? {
    guard let first = heap.first, first.time <= now, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var parent = 0
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if heap[child].time < heap[smallest].time { smallest = child }
      }
      if smallest == parent { return first }
      heap.swapAt(parent, smallest)
      parent = smallest
    }
  }
}
