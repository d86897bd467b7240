/// BootDoctor: when something was seen, and the packet that shows it.

package struct Moment: Hashable, Sendable {
  /// Nanoseconds since 1970.
  package var time: UInt64
  /// As Wireshark numbers the packets of a file; 0 for what no packet shows, as an appliance's own
  /// event.
  package var packet: Int

  package init(_ time: UInt64, packet: Int = 0) {
    self.time = time
    self.packet = packet
  }
}

/// One thing that was seen again and again, as retries are.
package struct Sightings: Equatable, Sendable {
  package private(set) var first: Moment
  package private(set) var last: Moment
  package private(set) var count = 1
  /// The first ones, at most eight.
  package private(set) var kept: [Moment]

  package init(_ moment: Moment) {
    first = moment
    last = moment
    kept = [moment]
  }

  package mutating func add(_ moment: Moment) {
    if moment.time < first.time { first = moment }
    if moment.time >= last.time { last = moment }
    count += 1
    if kept.count < 8 { kept.append(moment) }
  }

  /// From the first to the last, in nanoseconds.
  package var span: UInt64 { last.time - first.time }

  /// Packet numbers for the evidence of a verdict.
  package var packets: [Int] { kept.map(\.packet) }
}

extension Optional where Wrapped == Sightings {
  package mutating func add(_ moment: Moment) {
    if self == nil {
      self = Sightings(moment)
    } else {
      self?.add(moment)
    }
  }
}

/// Spans of time in nanoseconds.
package enum Span {
  package static let second: UInt64 = 1_000_000_000

  package static func seconds(_ count: UInt64) -> UInt64 { count &* second }

  /// From `earlier` to `later`; 0 where the clock of a capture went back.
  package static func between(_ earlier: UInt64, _ later: UInt64) -> UInt64 {
    later > earlier ? later - earlier : 0
  }
}
