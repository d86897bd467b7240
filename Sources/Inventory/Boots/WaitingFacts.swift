/// Inventory: facts on their way from the protocols to the journal.

import Synchronization

/// Bounded twice: in events a second, and in facts that wait where the disk stands still. What is left
/// out is counted.
final class WaitingFacts: Sendable {
  private struct Line: Sendable {
    var waiting: [any BootFact] = []
    /// Events that were placed and are not on the disk.
    var unwritten = 0
    var allowance: TellingAllowance
    var shed = ShedCount()
    var dropped = 0

    func isFull(for standing: Standing, limit: Int) -> Bool {
      // The second half is for those that are worth more.
      standing == .stranger
        ? waiting.count + unwritten >= max(limit / 2, 1) : waiting.count >= limit
    }
  }

  private let line: Mutex<Line>
  private let limit: Int

  /// `limit` facts wait at most; `rate` events a second are let in, after a `burst`.
  init(limit: Int, rate: Int, burst: Int) {
    self.limit = limit
    line = Mutex(
      Line(allowance: TellingAllowance(rate: rate, burst: burst, at: CoarseClock.nanoseconds)))
  }

  /// Whether `events` about a machine may be told; if not, they are counted. `standing` is asked only
  /// where it matters, and no lock is held then.
  func admits(_ events: Int, of machine: UInt64, _ standing: () -> Standing) -> Bool {
    let now = CoarseClock.nanoseconds
    let isPlenty = line.withLock { line in
      !line.isFull(for: .stranger, limit: limit)
        && line.allowance.take(events, for: .stranger, at: now)
    }
    if isPlenty { return true }
    let standing = standing()
    return line.withLock { line in
      let isFull = line.isFull(for: standing, limit: limit)
      if !isFull, standing > .stranger, line.allowance.take(events, for: standing, at: now) {
        return true
      }
      if isFull { line.dropped &+= events }
      line.shed.add(events, of: machine)
      return false
    }
  }

  /// For what was admitted. True when it is the first in line, so that somebody must be woken.
  func append(_ fact: any BootFact) -> Bool {
    line.withLock { line in
      guard line.waiting.count < limit else {
        line.dropped &+= 1
        return false
      }
      line.waiting.append(fact)
      return line.waiting.count == 1
    }
  }

  func takeAll() -> [any BootFact] {
    line.withLock { line in
      let all = line.waiting
      line.waiting = []
      return all
    }
  }

  /// What was left out since the last call; nil for nothing.
  func takeShed() -> ShedEvents? {
    line.withLock { $0.shed.take() }
  }

  func note(unwritten: Int) {
    line.withLock { $0.unwritten = unwritten }
  }

  /// Events that were left out because the disk did not keep up.
  var dropped: Int { line.withLock { $0.dropped } }
}
