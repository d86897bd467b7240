/// FinoBench: the open loop: clients that come whether the server keeps up or not.

import Foundation

extension StormRun {
  /// Finds the highest rate of each server without a loss, and then has Fino do dnsmasq's. Answers
  /// dnsmasq's.
  func openLoop(_ stage: Stage, _ report: inout Report) throws -> Double {
    var highest: [BootServer.Kind: Sample] = [:]
    for _ in 0..<min(3, measure.rounds) {
      for kind in BootServer.Kind.allCases {
        let rate = try with(kind, stage) { _ in try highestRate(stage) }
        highest[kind, default: Sample()].add(rate)
      }
    }
    let fino = highest[.fino]?.median ?? .nan
    let peer = highest[.dnsmasq]?.median ?? .nan
    report.add(
      "open loop, highest rate without a loss", "questions/s", fino: fino, peer: peer,
      wanted: .ratio(atLeast: 1))

    var outcomes: [BootServer.Kind: [BootStorm.Outcome]] = [:]
    for _ in 0..<measure.rounds {
      for kind in BootServer.Kind.allCases {
        let outcome = try with(kind, stage) { _ in
          try run(BootStorm(pace: .rate(peer), seconds: measure.seconds * 2), stage)
        }
        outcomes[kind, default: []].append(outcome)
      }
    }
    let ours = outcomes[.fino] ?? []
    let theirs = outcomes[.dnsmasq] ?? []
    func median(_ value: (BootStorm.Outcome) -> Double, _ all: [BootStorm.Outcome]) -> Double {
      Sample(all.map(value)).median
    }
    report.add(
      "at dnsmasq's highest rate: lost in all rounds", "questions",
      fino: Double(ours.reduce(0) { $0 + $1.lost }),
      peer: Double(theirs.reduce(0) { $0 + $1.lost }), better: .less, wanted: .atMost(0))
    report.add(
      "  of so many", "questions", fino: Double(ours.reduce(0) { $0 + $1.asked }),
      peer: Double(theirs.reduce(0) { $0 + $1.asked }))
    report.add(
      "  half of the answers within", "µs", fino: median({ $0.p50 * 1e6 }, ours),
      peer: median({ $0.p50 * 1e6 }, theirs), better: .less)
    report.add(
      "  99 % of the answers within", "µs", fino: median({ $0.p99 * 1e6 }, ours),
      peer: median({ $0.p99 * 1e6 }, theirs), better: .less)
    report.add(
      "  the load was behind its schedule by at most", "ms",
      fino: ours.map { $0.late * 1e3 }.max() ?? 0, peer: theirs.map { $0.late * 1e3 }.max() ?? 0,
      better: .less)
    return peer
  }

  /// By halving, down to 3 %; a rate counts when two runs in a row lose nothing, because another
  /// process of this machine can make one run fail but not one succeed.
  func highestRate(_ stage: Stage) throws -> Double {
    func loses(_ rate: Double) throws -> Bool {
      // Three tries for two successes.
      var failures = 0
      for _ in 0..<3 {
        let outcome = try run(BootStorm(pace: .rate(rate), seconds: measure.seconds / 2), stage)
        if outcome.lost > 0 { failures += 1 }
        if failures == 2 { return true }
      }
      return false
    }
    var low = 1000.0
    var high = 2000.0
    while high < 1_000_000, try !loses(high) {
      low = high
      high *= 2
    }
    while high / low > 1.03 {
      let middle = (low + high) / 2
      if try loses(middle) { high = middle } else { low = middle }
    }
    return low
  }
}
