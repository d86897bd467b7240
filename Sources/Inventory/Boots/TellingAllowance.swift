/// Inventory: how many events a second the story takes, and whose are left out beyond that.

/// A machine draws on the bucket of its own standing and on those of the lower ones. So nothing of a
/// better standing is left out while a stranger's is told.
struct TellingAllowance: Equatable, Sendable {
  private var strangers: TokenBucket
  private var underWay: TokenBucket
  private var known: TokenBucket

  /// Machines that are under way, and known ones, have half as much again each.
  init(rate: Int, burst: Int, at now: Int) {
    strangers = TokenBucket(rate: rate, burst: burst, at: now)
    underWay = TokenBucket(rate: rate / 2, burst: burst / 2, at: now)
    known = TokenBucket(rate: rate / 2, burst: burst / 2, at: now)
  }

  mutating func take(_ events: Int, for standing: Standing, at now: Int) -> Bool {
    if strangers.take(events, at: now) { return true }
    if standing >= .underWay, underWay.take(events, at: now) { return true }
    return standing == .known && known.take(events, at: now)
  }
}
