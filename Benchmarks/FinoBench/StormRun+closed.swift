/// FinoBench: the closed loop: how many answers a second when clients always wait.

import Foundation

extension StormRun {
  func closedLoop(_ stage: Stage, _ report: inout Report) throws {
    for outstanding in [64, 512] {
      var numbers: [BootServer.Kind: Numbers] = [.fino: Numbers(), .dnsmasq: Numbers()]
      for _ in 0..<measure.rounds {
        for kind in BootServer.Kind.allCases {
          try with(kind, stage) { server in
            let before = ProcessUse(server.processID)
            let outcome = try run(
              BootStorm(pace: .outstanding(outstanding), seconds: measure.seconds), stage)
            let used = ProcessUse(server.processID).processor - before.processor
            numbers[kind, default: Numbers()].add(outcome, processor: used)
          }
        }
      }
      guard let fino = numbers[.fino], let peer = numbers[.dnsmasq] else { return }
      let title = "closed loop, \(outstanding) outstanding"
      report.add(
        title, "answers/s", fino: fino.rate.median, peer: peer.rate.median,
        wanted: .ratio(atLeast: 2))
      report.add(
        "  half of the answers within", "µs", fino: fino.p50.median * 1e6,
        peer: peer.p50.median * 1e6, better: .less)
      report.add(
        "  99 % of the answers within", "µs", fino: fino.p99.median * 1e6,
        peer: peer.p99.median * 1e6, better: .less)
      report.add(
        "  processor time of an answer", "µs", fino: fino.processor.median * 1e6,
        peer: peer.processor.median * 1e6, better: .less)
      report.add(
        "  without an answer", "of 1000", fino: fino.lost.median * 1e3,
        peer: peer.lost.median * 1e3, better: .less)
      report.add(
        "  answers that nobody waited for", "of 1000", fino: fino.unmatched.median * 1e3,
        peer: peer.unmatched.median * 1e3, better: .less)
    }
  }

  private struct Numbers {
    var rate = Sample()
    var p50 = Sample()
    var p99 = Sample()
    /// Seconds of processor time for each answer.
    var processor = Sample()
    var lost = Sample()
    /// Late, or more than one to a question.
    var unmatched = Sample()

    mutating func add(_ outcome: BootStorm.Outcome, processor used: Double) {
      rate.add(outcome.rate)
      p50.add(outcome.p50)
      p99.add(outcome.p99)
      processor.add(used / Double(max(1, outcome.answers)))
      lost.add(Double(outcome.lost) / Double(max(1, outcome.asked)))
      unmatched.add(Double(outcome.unmatched) / Double(max(1, outcome.asked)))
    }
  }
}
