/// Inventory: counts events that are left out and the machines that they were of, in fixed memory.

private import Foundation

/// Machines are counted by linear counting (Whang, Vander-Zanden, Taylor 1990): each sets one bit of a
/// map, and the share of bits that stayed clear tells how many there were. Within a few in a hundred up
/// to a million; 32 kB.
struct ShedCount: Sendable {
  private(set) var total = 0
  private var events = 0
  private var map: [UInt64] = []

  private static let bits = 18

  mutating func add(_ count: Int, of machine: UInt64) {
    if map.isEmpty { map = [UInt64](repeating: 0, count: 1 << (Self.bits - 6)) }
    total &+= count
    events &+= count
    let place = Int(Self.mixed(machine) >> (64 - UInt64(Self.bits)))
    map[place >> 6] |= 1 << UInt64(place & 63)
  }

  /// Every bit depends on every bit (the finalizer of MurmurHash3): invented addresses that count up
  /// must fall together as often as random ones do.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var value = value
    value ^= value >> 33
    value = value &* 0xff51_afd7_ed55_8ccd
    value ^= value >> 33
    value = value &* 0xc4ce_b9fe_1a85_ec53
    return value ^ value >> 33
  }

  /// What came together since the last call; nil for nothing.
  mutating func take() -> ShedEvents? {
    guard events > 0 else { return nil }
    let clear = map.reduce(0) { $0 + (~$1).nonzeroBitCount }
    let size = Double(1 << Self.bits)
    let machines = -size * log(Double(max(clear, 1)) / size)
    defer {
      events = 0
      for index in map.indices { map[index] = 0 }
    }
    return ShedEvents(events: events, machines: min(events, max(1, Int(machines.rounded()))))
  }
}
