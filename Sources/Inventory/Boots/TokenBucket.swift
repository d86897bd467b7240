/// Inventory: a rate with a burst.

/// `rate` tokens come in every second while there are fewer than `burst`. Time is in nanoseconds of any
/// clock that does not go back.
struct TokenBucket: Equatable, Sendable {
  private let rate: Int
  private let burst: Int
  /// Billionths of a token, so that a rate's fractions add up.
  private var level: Int
  private var filledAt: Int

  private static let token = 1_000_000_000
  /// Beyond this the arithmetic would not fit.
  private static let limit = 1_000_000

  /// Full at the beginning.
  init(rate: Int, burst: Int, at now: Int) {
    self.rate = min(max(rate, 0), Self.limit)
    self.burst = min(max(burst, 0), Self.limit) * Self.token
    level = self.burst
    filledAt = now
  }

  /// All of them or none.
  mutating func take(_ tokens: Int, at now: Int) -> Bool {
    fill(to: now)
    let wanted = min(max(tokens, 0), Self.limit) * Self.token
    guard level >= wanted else { return false }
    level -= wanted
    return true
  }

  private mutating func fill(to now: Int) {
    guard now > filledAt else { return }
    // An hour fills every bucket that is worth the name.
    let elapsed = min(now - filledAt, 3600 * Self.token)
    level = min(level + elapsed * rate, burst)
    filledAt = now
  }
}
