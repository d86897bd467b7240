/// InventoryTests: whose events are left out first.

import Testing

@testable import Inventory

@Suite struct TellingAllowanceTests {
  @Test func `strangers are left out first, known machines last`() {
    var allowance = TellingAllowance(rate: 10, burst: 20, at: 0)
    func taken(_ standing: Standing) -> Int {
      (0..<100).count { _ in allowance.take(1, for: standing, at: 0) }
    }
    #expect(taken(.stranger) == 20)
    #expect(taken(.underWay) == 10)
    #expect(taken(.known) == 10)
    #expect(taken(.known) == 0)
  }

  @Test func `nobody is left out while a stranger is told`() {
    var allowance = TellingAllowance(rate: 7, burst: 9, at: 0)
    var random = UInt64(1)
    for step in 0..<20_000 {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let standing = Standing(rawValue: Int(random >> 33) % 3) ?? .stranger
      let now = step * 10_000_000
      if !allowance.take(1, for: standing, at: now) {
        for lower in [Standing.stranger, .underWay] where lower < standing {
          var copy = allowance
          let isTold = copy.take(1, for: lower, at: now)
          #expect(!isTold)
        }
      }
    }
  }
}
