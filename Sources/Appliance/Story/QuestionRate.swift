/// Appliance: who asks more often than any firmware does.

import Synchronization
import Wire

/// Questions of this second, in a table of fixed size; machines that fall together are counted together.
final class QuestionRate: Sendable {
  private struct Second: Sendable {
    var second = 0
    var counts: [UInt8]
  }

  private let state: Mutex<Second>
  private let limit: UInt8

  private static let bits = 12

  /// Firmware asks a few times in a second at most.
  init(limit: UInt8 = 20) {
    self.limit = limit
    state = Mutex(Second(counts: [UInt8](repeating: 0, count: 1 << Self.bits)))
  }

  /// Counts a question; false when there were more than `limit` in the same second: a flood that borrows
  /// a known machine's address.
  func isModest(_ mac: MACAddress, at second: Int) -> Bool {
    state.withLock { state in
      if state.second != second {
        state.second = second
        for index in state.counts.indices { state.counts[index] = 0 }
      }
      let place = Int((mac.value &* 0x9e37_79b9_7f4a_7c15) >> UInt64(64 - Self.bits))
      guard state.counts[place] < limit else { return false }
      state.counts[place] += 1
      return true
    }
  }
}
