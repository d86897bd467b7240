/// ApplianceTests: how many steps of boots have a line in the log.

import Testing

@testable import Appliance

@Suite struct LogPaceTests {
  private func written(_ pace: inout LogPace, _ ids: ClosedRange<Int>) -> Int {
    ids.count { pace.takes($0) }
  }

  @Test func `a rack at once has all its lines, a flood has a sum`() {
    var pace = LogPace()
    let rack = written(&pace, 1...7500)
    #expect(rack == 7500)
    let quiet = pace.nextSecond()
    #expect(quiet == 0)
    let flood = written(&pace, 7501...30_000)
    #expect(flood == LogPace.burst - 7500 + LogPace.rate)
    let leftOut = pace.nextSecond()
    #expect(leftOut == 22_500 - flood)
    let next = written(&pace, 30_001...40_000)
    #expect(next == LogPace.rate)
  }

  @Test func `what the log never heard of is in the sum`() {
    var pace = LogPace()
    _ = written(&pace, 100...100)
    _ = written(&pace, 111...111)
    let sums = [pace.nextSecond(), pace.nextSecond()]
    #expect(sums == [10, 0])
  }
}
