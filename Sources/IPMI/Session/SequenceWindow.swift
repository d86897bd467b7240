/// IPMI: refuses packets of a session that were seen before.

/// The highest number seen and the 32 below it (IPMI 2.0 §6.12.13). Jumps forward are welcome:
/// ASRock's MT-C224 counts 1, 3, 5.
package struct SequenceWindow: Equatable, Sendable {
  private var highest: UInt32?
  /// Bit n: `highest - n` was seen.
  private var seen: UInt32 = 0

  package init() {}

  /// True for a number that is new; it counts as seen from now on. Numbers wrap.
  package mutating func accept(_ number: UInt32) -> Bool {
    guard let highest else {
      self.highest = number
      seen = 1
      return true
    }
    let ahead = Int64(Int32(bitPattern: number &- highest))
    if ahead > 0 {
      // A shift by the width or more gives 0 here, as it should.
      seen = seen << UInt32(clamping: ahead) | 1
      self.highest = number
      return true
    }
    let behind = UInt32(clamping: -ahead)
    guard behind < 32, seen & (1 << behind) == 0 else { return false }
    seen |= 1 << behind
    return true
  }
}
