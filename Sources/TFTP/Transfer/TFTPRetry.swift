/// TFTP: when a packet is sent again, and when a transfer is given up.

/// Waits grow from the first one to twice, four times … up to 8 s; any progress starts them anew.
/// After 60 s without progress the transfer is over. EDK2, for comparison, asks again after 4 s,
/// six times.
struct TFTPRetry: Sendable {
  typealias Instant = ContinuousClock.Instant

  static let longestWait: Duration = .seconds(8)
  static let patience: Duration = .seconds(60)

  private let first: Duration
  private(set) var lastProgress: Instant
  private var wait: Duration
  private var sent: Instant
  /// How often the timer has sent something since the last progress.
  private(set) var attempts = 0

  init(first: Duration, at now: Instant) {
    self.first = first
    wait = first
    sent = now
    lastProgress = now
  }

  /// When the timer has something to do.
  var deadline: Instant { min(sent + wait, lastProgress + Self.patience) }

  func isExhausted(at now: Instant) -> Bool { now - lastProgress >= Self.patience }

  mutating func progress(at now: Instant) {
    lastProgress = now
    wait = first
    sent = now
    attempts = 0
  }

  mutating func retry(at now: Instant) {
    attempts += 1
    wait = min(wait * 2, max(first, Self.longestWait))
    sent = now
  }
}
