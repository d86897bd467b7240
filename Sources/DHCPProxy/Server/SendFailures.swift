/// DHCPProxy: answers that the kernel did not take, told without a flood.

import Datagram

/// Counts failures by their cause, and lets one a minute be told of each.
struct SendFailures {
  private struct Cause: Hashable {
    var code: Int32
    var interface: String
  }

  private struct Tally {
    var told: ContinuousClock.Instant
    var untold = 0
  }

  private var tallies: [Cause: Tally] = [:]
  private static let pause = Duration.seconds(60)
  /// Interfaces come and go.
  private static let limit = 64

  /// How many of this cause to tell about now, this one included; nil to keep quiet.
  mutating func note(
    _ error: SocketError, on interface: String, at now: ContinuousClock.Instant
  ) -> Int? {
    let cause = Cause(code: error.code, interface: interface)
    guard var tally = tallies[cause] else {
      if tallies.count >= Self.limit { tallies.removeAll() }
      tallies[cause] = Tally(told: now)
      return 1
    }
    tally.untold &+= 1
    defer { tallies[cause] = tally }
    guard tally.told.duration(to: now) >= Self.pause else { return nil }
    defer { tally = Tally(told: now) }
    return tally.untold
  }
}
