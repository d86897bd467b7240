/// Inventory: observations on their way from the protocols to the journal.

import Synchronization

/// Bounded: where the disk stands still, the latest ones are counted and dropped.
final class WaitingObservations: Sendable {
  private struct Line {
    var waiting: [BootObservation] = []
    var dropped = 0
  }

  private let line = Mutex(Line())
  private let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  /// True when it is the first in line, so that somebody must be woken.
  func append(_ observation: BootObservation) -> Bool {
    line.withLock { line in
      guard line.waiting.count < limit else {
        line.dropped += 1
        return false
      }
      line.waiting.append(observation)
      return line.waiting.count == 1
    }
  }

  func takeAll() -> [BootObservation] {
    line.withLock { line in
      let all = line.waiting
      line.waiting = []
      return all
    }
  }

  var dropped: Int { line.withLock { $0.dropped } }
}
