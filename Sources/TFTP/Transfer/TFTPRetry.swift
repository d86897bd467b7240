/// TFTP: when a packet is sent again, and when a transfer is given up.

/// The first wait is 1 s, then it follows the measured round trips (RFC 6298): their mean and four
/// times their deviation, 50 ms to 8 s. Nothing is measured with a packet that was sent twice (Karn's
/// rule). Each retry doubles the wait, up to 8 s; after progress it is 1 s at most until the next
/// measurement. A wait that the client asked for (RFC 2349) is kept. After 60 s without progress the
/// transfer is over. EDK2, for comparison, asks again after 4 s, six times.
struct TFTPRetry: Sendable {
  typealias Instant = ContinuousClock.Instant

  static let shortestWait: Duration = .milliseconds(50)
  static let longestWait: Duration = .seconds(8)
  static let patience: Duration = .seconds(60)

  private let first: Duration
  private let isPinned: Bool
  private(set) var lastProgress: Instant
  /// What is waited for the next packet, and what is waited for this one after retries.
  private var next: Duration
  private(set) var wait: Duration
  private var sent: Instant
  /// In attoseconds; nil before the first measurement.
  private var mean: Int128?
  private var deviation: Int128 = 0
  /// Whether the packets on their way were sent before.
  private var isAmbiguous = false
  /// How often the timer has sent something since the last progress.
  private(set) var attempts = 0

  init(first: Duration, isPinned: Bool, at now: Instant) {
    self.first = first
    self.isPinned = isPinned
    next = first
    wait = first
    sent = now
    lastProgress = now
  }

  /// When the timer has something to do.
  var deadline: Instant { min(sent + wait, lastProgress + Self.patience) }

  func isExhausted(at now: Instant) -> Bool { now - lastProgress >= Self.patience }

  /// The client has acknowledged something, and what comes next leaves now; `again` says that some of
  /// it left before.
  mutating func progress(at now: Instant, again: Bool = false) {
    if !isAmbiguous { measure(now - sent) } else if !isPinned { next = min(wait, max(first, next)) }
    lastProgress = now
    wait = next
    sent = now
    attempts = 0
    isAmbiguous = again
  }

  mutating func retry(at now: Instant) {
    attempts += 1
    wait = min(wait * 2, max(first, Self.longestWait))
    sent = now
    isAmbiguous = true
  }

  /// The packets left later than they should have, or once more because the client asked again.
  mutating func sentAgain(at now: Instant, isAmbiguous: Bool) {
    sent = now
    if isAmbiguous { self.isAmbiguous = true }
  }

  /// RFC 6298 §2.
  private mutating func measure(_ sample: Duration) {
    guard !isPinned else { return }
    // Shifts, because this is done for each packet, and a division of 128 bits is slow.
    let sample = sample.attoseconds
    if let old = mean {
      deviation += (abs(sample - old) - deviation) >> 2
      mean = old + (sample - old) >> 3
    } else {
      mean = sample
      deviation = sample >> 1
    }
    let wanted = Duration(attoseconds: (mean ?? sample) + deviation << 2)
    next = min(max(wanted, Self.shortestWait), Self.longestWait)
  }
}
