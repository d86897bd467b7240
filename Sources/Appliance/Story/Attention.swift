/// Appliance: how much of the network's traffic is listened to, by how much there is.

/// A value without a clock: times are nanoseconds since 1970.
struct Attention {
  enum Level: Equatable {
    case all
    /// Transfers are left out but for how they begin and end.
    case conversations
    case nothing

    /// Frames a second from which on the next lower level is better.
    var most: Int {
      switch self {
      case .all: 5_000
      case .conversations: 20_000
      case .nothing: .max
      }
    }

    var lower: Level { self == .all ? .conversations : .nothing }
  }

  private(set) var level = Level.all
  private var changes = 0
  private var second: UInt64 = 0
  private var frames = 0
  /// When it was at another level than `all` last, and when it was deaf last.
  private var lackedAt: UInt64?
  private var deafAt: UInt64?

  /// Frames were heard. The level that is better from now on; nil: the present one.
  mutating func hear(_ count: Int, at now: UInt64) -> Level? {
    note(now)
    if second != now / 1_000_000_000 {
      second = now / 1_000_000_000
      frames = 0
    }
    frames += count
    guard frames > level.most else { return nil }
    return level.lower
  }

  /// Which change it is; for `recover`.
  mutating func turn(to level: Level, at now: UInt64) -> Int {
    note(now)
    self.level = level
    note(now)
    frames = 0
    changes += 1
    return changes
  }

  /// Whether all may be listened to again, some time after that change: not when there was a later one.
  mutating func recover(from change: Int, at now: UInt64) -> Bool {
    note(now)
    return change == changes
  }

  private mutating func note(_ now: UInt64) {
    if level != .all { lackedAt = now }
    if level == .nothing { deafAt = now }
  }

  /// The lowest level since `start`.
  func lowest(since start: UInt64) -> Level {
    if level == .nothing || deafAt.map({ $0 >= start }) ?? false { return .nothing }
    if level == .conversations || lackedAt.map({ $0 >= start }) ?? false { return .conversations }
    return .all
  }
}
