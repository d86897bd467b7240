/// Tests of Images: the bound of the cache, and who goes first.

import Testing

@testable import Images

@Suite struct CacheLedgerTests {
  private func name(_ number: UInt64) -> CacheName {
    CacheName(key: ImageDigest(of: "key"), generation: number)
  }

  @Test func theLeastRecentlyUsedGoesFirst() {
    var ledger = CacheLedger(capacity: 100)
    for number in 1...3 as ClosedRange<UInt64> { ledger.settle(name(number), bytes: 30) }
    ledger.touch(name(1))
    #expect(ledger.reserve(40, for: name(4)) == [name(2)])
    #expect(ledger.used == 100)
    #expect(ledger.reserve(50, for: name(4)) == [name(3)])
    #expect(ledger.used == 80)
  }

  @Test func whatDownloadsDoesNotGo() {
    var ledger = CacheLedger(capacity: 100)
    #expect(ledger.reserve(60, for: name(1)) == [])
    ledger.settle(name(2), bytes: 40)
    let before = ledger
    #expect(ledger.reserve(50, for: name(3)) == nil)
    #expect(ledger == before)
    #expect(ledger.reserve(40, for: name(3)) == [name(2)])
  }

  @Test func whatNeverFitsEvictsNobody() {
    var ledger = CacheLedger(capacity: 100)
    ledger.settle(name(1), bytes: 100)
    #expect(ledger.reserve(101, for: name(2)) == nil)
    #expect(ledger.used == 100)
    #expect(ledger.reserve(.max, for: name(2)) == nil)
  }

  @Test func aReservationIsNotSmallerThanBefore() {
    var ledger = CacheLedger(capacity: 100)
    #expect(ledger.reserve(60, for: name(1)) == [])
    #expect(ledger.reserve(10, for: name(1)) == [])
    #expect(ledger.used == 60)
    ledger.settle(name(1), bytes: 20)
    #expect(ledger.used == 20)
    ledger.remove(name(1))
    ledger.remove(name(1))
    #expect(ledger.used == 0)
  }

  @Test func aHeldPartDoesNotGo() {
    var ledger = CacheLedger(capacity: 100)
    ledger.settle(name(1), bytes: 50)
    ledger.hold(name(1))
    #expect(ledger.evictOldest() == nil)
    ledger.touch(name(1))
    #expect(ledger.evictOldest() == nil)
    #expect(ledger.used == 50)
  }

  @Test func nobodyGoesForADiskThatStaysFull() {
    var ledger = CacheLedger(capacity: 100)
    ledger.settle(name(1), bytes: 30)
    ledger.settle(name(2), bytes: 30)
    #expect(ledger.evict(61) == nil)
    #expect(ledger.used == 60)
    #expect(ledger.evict(0) == [])
    #expect(ledger.evict(-5) == [])
    #expect(ledger.evict(30) == [name(1)])
    #expect(ledger.used == 30)
  }

  @Test func theBoundHoldsWhateverHappens() {
    var generator = SeededGenerator(seed: 7)
    var ledger = CacheLedger(capacity: 1000)
    for _ in 0..<5000 {
      let name = name(UInt64.random(in: 0..<12, using: &generator))
      switch Int.random(in: 0..<5, using: &generator) {
      case 0, 1: _ = ledger.reserve(Int.random(in: 0...1200, using: &generator), for: name)
      case 2: if ledger.reserve(100, for: name) != nil { ledger.settle(name, bytes: 100) }
      case 3: ledger.touch(name)
      default: ledger.remove(name)
      }
      #expect(0...1000 ~= ledger.used)
    }
  }
}
