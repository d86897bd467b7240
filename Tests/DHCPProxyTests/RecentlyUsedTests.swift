/// Tests of DHCPProxy: the bounded dictionary, and the ledger of silences in it.

import Fixtures
import Testing
import Wire

@testable import DHCPProxy

@Suite struct RecentlyUsedTests {
  @Test func theLeastRecentlyUsedMakesRoom() {
    var values = RecentlyUsed<Int, Int>(limit: 3)
    for key in [1, 2, 3, 1, 4] { values.use(key, initial: 0) { value, _ in value += 1 } }
    #expect(values.count == 3)
    #expect(values.peek(1) == 2)
    #expect(values.peek(2) == nil)
    #expect(values.peek(3) == 1)
    #expect(values.peek(4) == 1)
    values.change(9) { $0 = 9 }
    values.change(3) { $0 = 9 }
    #expect(values.peek(9) == nil)
    #expect(values.peek(3) == 9)
  }

  @Test func itBehavesAsASlowOneDoes() {
    var random = SeededRandom(seed: 7)
    for limit in [1, 2, 7, 50] {
      var fast = RecentlyUsed<UInt64, UInt64>(limit: limit)
      var slow: [(key: UInt64, value: UInt64)] = []
      for step in 0..<5000 as Range<UInt64> {
        let key = random.next() % 64
        let isNew = fast.use(key, initial: 0) { value, isNew in
          value += step
          return isNew
        }
        let place = slow.firstIndex { $0.key == key }
        #expect(isNew == (place == nil))
        let old = place.map { slow.remove(at: $0).value } ?? 0
        if slow.count == limit { slow.removeFirst() }
        slow.append((key, old + step))
        #expect(fast.count == slow.count)
      }
      for key in 0..<64 as Range<UInt64> {
        #expect(fast.peek(key) == slow.first { $0.key == key }?.value)
      }
    }
  }

  @Test func aReasonIsToldOnceForEachMachine() {
    var ledger = SilenceLedger(limit: 100)
    let one = MACAddress(value: 0x5254_0000_0001)
    let other = MACAddress(value: 0x5254_0000_0002)
    let told = [
      ledger.isFirst(one, "no boot program"), ledger.isFirst(one, "no boot program"),
      ledger.isFirst(one, "no «allow» rule names it"), ledger.isFirst(other, "no boot program"),
    ]
    #expect(told == [true, false, true, true])
    for number in 0..<1000 as Range<UInt64> {
      _ = ledger.isFirst(MACAddress(value: 0x0200_0000_0000 + number), "no boot program")
    }
    #expect(ledger.count == 100)
    let again = ledger.isFirst(one, "no boot program")
    #expect(again, "what was quiet longest is told again")
  }
}
