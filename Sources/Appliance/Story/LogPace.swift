/// Appliance: how many steps of boots have their line in the log, and how many have not.

struct LogPace: Equatable, Sendable {
  /// Lines a second.
  static let rate = 1000
  /// Lines at once, after some quiet seconds: a rack that is switched on is told line by line.
  static let burst = 10 * rate

  private var room = burst
  private var leftOut = 0
  private var last: Int?

  /// Whether the event with this id has its line. Ids that are missing were left out before.
  mutating func takes(_ id: Int) -> Bool {
    if let last, id - last > 1 { leftOut += id - last - 1 }
    last = id
    guard room > 0 else {
      leftOut += 1
      return false
    }
    room -= 1
    return true
  }

  /// To be called every second; answers how many were left out in the one before.
  mutating func nextSecond() -> Int {
    defer { leftOut = 0 }
    room = min(room + Self.rate, Self.burst)
    return leftOut
  }
}
