/// Datagram: timers of the event loop.

/// A job that waits on a `DatagramLoop`.
package struct LoopTimer: Sendable {
  let id: UInt64
  let loop: DatagramLoop

  /// The job will not run, unless it is running now.
  package func cancel() {
    loop.cancelTimer(id)
  }
}

/// A binary heap of deadlines. Cancelled timers stay in the heap until their time and cost nothing else.
struct TimerQueue {
  typealias Instant = ContinuousClock.Instant

  private struct Entry {
    var deadline: Instant
    var id: UInt64
  }

  private var heap: [Entry] = []
  private var jobs: [UInt64: @Sendable () -> Void] = [:]
  private var lastID: UInt64 = 0

  /// When the loop must wake for a timer (which may have been cancelled meanwhile).
  var next: Instant? { heap.first?.deadline }

  mutating func add(at deadline: Instant, _ job: @escaping @Sendable () -> Void) -> UInt64 {
    lastID += 1
    jobs[lastID] = job
    heap.append(Entry(deadline: deadline, id: lastID))
    siftUp()
    return lastID
  }

  mutating func cancel(_ id: UInt64) {
    jobs[id] = nil
  }

  /// The jobs whose time has come, in the order of their deadlines.
  mutating func takeDue(at now: Instant) -> [@Sendable () -> Void] {
    var due: [@Sendable () -> Void] = []
    while let first = heap.first, first.deadline <= now || jobs[first.id] == nil {
      if let job = jobs.removeValue(forKey: first.id) { due.append(job) }
      removeFirst()
    }
    return due
  }

  private func isBefore(_ a: Int, _ b: Int) -> Bool {
    (heap[a].deadline, heap[a].id) < (heap[b].deadline, heap[b].id)
  }

  private mutating func siftUp() {
    var child = heap.count - 1
    while child > 0, isBefore(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  private mutating func removeFirst() {
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
        if isBefore(child, smallest) { smallest = child }
      }
      if smallest == parent { return }
      heap.swapAt(parent, smallest)
      parent = smallest
    }
  }
}
