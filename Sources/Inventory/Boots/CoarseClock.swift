/// Inventory: the time for what is measured at every packet.

private import Glibc

/// Goes only forward, and is exact to a few milliseconds. An exact clock costs more than the rest of
/// what is done for a packet that nobody will hear of.
package enum CoarseClock {
  /// Since some moment in the past.
  package static var nanoseconds: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
    return time.tv_sec &* 1_000_000_000 &+ time.tv_nsec
  }

  package static var seconds: Int { nanoseconds / 1_000_000_000 }
}
