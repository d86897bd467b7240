/// Appliance: which machines have lately fetched something, so that they are more than a MAC address.

import Synchronization
import Wire

/// A table of fixed size: two machines that fall together push each other out, and lose no more than a
/// place in the order in which stories are shed. Time is in seconds of any clock that does not go back.
final class MachinesUnderWay: Sendable {
  private struct Place: Sendable {
    var mac: MACAddress?
    var seenAt = 0
  }

  private let places: Mutex<[Place]>
  private let bits: Int

  /// An installation lasts longer than its boot; after this much silence it is over.
  private static let trust = 1800

  init(bits: Int = 13) {
    self.bits = min(max(bits, 1), 20)
    places = Mutex([Place](repeating: Place(), count: 1 << self.bits))
  }

  /// It fetched something.
  func note(_ mac: MACAddress, at now: Int) {
    places.withLock { places in
      places[index(mac)] = Place(mac: mac, seenAt: now)
    }
  }

  func contains(_ mac: MACAddress, at now: Int) -> Bool {
    places.withLock { places in
      let place = places[index(mac)]
      return place.mac == mac && now - place.seenAt <= Self.trust
    }
  }

  private func index(_ mac: MACAddress) -> Int {
    Int((mac.value &* 0x9e37_79b9_7f4a_7c15) >> UInt64(64 - bits))
  }
}
