/// IPMITests: which sequence numbers are new.

import IPMI
import Testing

struct SequenceWindowTests {
  @Test func acceptsEachNumberOnce() {
    var window = SequenceWindow()
    let numbers: [UInt32] = [1, 3, 2, 3, 5, 5, 40, 8, 9, 9, 39]
    let accepted = numbers.map { window.accept($0) }
    #expect(
      accepted == [true, true, true, false, true, false, true, false, true, false, true])
  }

  @Test func wraps() {
    var window = SequenceWindow()
    let accepted = [UInt32.max - 1, 1, UInt32.max, 1, UInt32.max - 1].map { window.accept($0) }
    #expect(accepted == [true, true, true, false, false])
  }
}
