/// HTTPBoot: bytes that were sent and that the peer has to acknowledge.

import NIOCore

/// Positions in a connection's stream, in the order in which they were sent, each with somebody who
/// waits for it.
struct AwaitedBytes {
  private struct Wait {
    var position: UInt64
    var promise: EventLoopPromise<Void>
    var end: NIODeadline
  }

  private static let pauses = (
    first: TimeAmount.milliseconds(2), most: TimeAmount.milliseconds(100)
  )

  private var waits: [Wait] = []
  private var pause = pauses.first

  var isEmpty: Bool { waits.isEmpty }

  mutating func add(_ position: UInt64, _ promise: EventLoopPromise<Void>, until end: NIODeadline) {
    waits.append(Wait(position: position, promise: promise, end: end))
    pause = Self.pauses.first
  }

  /// Who has what it waited for, and who has waited for too long.
  mutating func pass(
    to now: NIODeadline, acknowledged: UInt64
  ) -> (here: [EventLoopPromise<Void>], gone: [EventLoopPromise<Void>]) {
    let here = waits.filter { $0.position <= acknowledged }
    let gone = waits.filter { $0.position > acknowledged && $0.end <= now }
    waits.removeAll { $0.position <= acknowledged || $0.end <= now }
    return (here.map(\.promise), gone.map(\.promise))
  }

  /// Longer and longer; nil when nobody waits.
  mutating func nextPause() -> TimeAmount? {
    guard !waits.isEmpty else { return nil }
    defer { pause = min(pause * 2, Self.pauses.most) }
    return pause
  }

  mutating func removeAll() -> [EventLoopPromise<Void>] {
    defer { waits = [] }
    return waits.map(\.promise)
  }
}
