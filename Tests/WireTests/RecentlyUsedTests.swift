/// Tests of Wire: the bounded dictionary.

import Fixtures
import Testing
import Wire

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
    values.set(4, to: 7)
    values.set(5, to: 8)
    #expect([1, 3, 4, 5].map { values.peek($0) } == [2, nil, 7, 8])
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
}
