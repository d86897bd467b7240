/// Datagram: whether a loop looks again before it sleeps.

/// To sleep and to be woken takes longer than a peer on a fast network takes to answer. A loop that
/// serves one such peer in lockstep looks for a moment before it sleeps. Whether that pays is learnt:
/// looks that find nothing are soon left out, but for one of 256 rounds.
struct Eagerness {
  /// How long it looks.
  static let nanoseconds: Int32 = 30_000

  private static let most = 8
  private var credit = 0
  private var rounds: UInt8 = 0

  mutating func isWorthwhile() -> Bool {
    rounds &+= 1
    return credit > 0 || rounds == 0
  }

  mutating func note(_ hasFound: Bool) {
    credit = hasFound ? min(credit + 2, Self.most) : max(credit - 3, 0)
  }
}
