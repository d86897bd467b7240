/// FinoBench: what should do no harm: machines that exist only once, and packets that are none.

import Foundation
import Lab

extension StormRun {
  /// Fino's memory after so many MAC addresses, and after as many other ones again.
  func spoofed(_ stage: Stage, _ report: inout Report) throws {
    let server = try BootServer(.fino, stage.network, fino: appliance.fino, work: stage.folder)
    defer { server.stop() }
    _ = try run(BootStorm(pace: .outstanding(64), seconds: 0.5), stage)
    let before = ProcessUse(server.processID)
    var after: [ProcessUse] = []
    for turn in 0..<2 {
      let outcome = try BootStorm(
        pace: .outstanding(256), seconds: 600, questions: [.discover], clients: storm.spoofed,
        firstClient: 2_000_000 + turn * storm.spoofed, total: storm.spoofed
      ).run(on: stage.socket, server: stage.hardware)
      // What waits to be written is written.
      sleep(2)
      after.append(ProcessUse(server.processID))
      if turn == 0 {
        report.add(
          "\(Report.text(Double(storm.spoofed))) MAC addresses once each", "answers/s",
          fino: outcome.rate)
        report.add("  without an answer", "questions", fino: Double(outcome.lost))
      }
    }
    guard server.isRunning, after.count == 2 else {
      throw LabError("Fino ended \(server.ending): \(server.output.suffix(2000))")
    }
    report.add("  memory before", "MB", fino: before.resident / 1e6)
    report.add("  memory after", "MB", fino: after[0].resident / 1e6, wanted: .below(150))
    report.add("  memory after as many others again", "MB", fino: after[1].resident / 1e6)
    report.add("  memory at its highest", "MB", fino: after[1].highest / 1e6)
  }

  /// Good clients at a fixed rate, and beside them packets that are malformed.
  func malformed(_ stage: Stage, good: Double, _ report: inout Report) throws {
    let noises: [(String, BootStorm.Noise)] =
      [("none", .none)]
      + [2.0, 8, 32].map {
        ("\(Report.text(($0 * good).rounded())) a second", .rate(($0 * good).rounded()))
      } + [("as many as the cable takes", .endless)]
    for (title, noise) in noises {
      var outcomes: [BootServer.Kind: [BootStorm.Outcome]] = [:]
      for _ in 0..<min(3, measure.rounds) {
        for kind in BootServer.Kind.allCases {
          let outcome = try with(kind, stage) { _ in
            try run(
              BootStorm(pace: .rate(good), seconds: measure.seconds, noise: noise), stage)
          }
          outcomes[kind, default: []].append(outcome)
        }
      }
      func median(_ kind: BootServer.Kind, _ value: (BootStorm.Outcome) -> Double) -> Double {
        Sample((outcomes[kind] ?? []).map(value)).median
      }
      report.add(
        "malformed packets: \(title)", "sent/s",
        fino: median(.fino) { Double($0.noise) / $0.seconds },
        peer: median(.dnsmasq) { Double($0.noise) / $0.seconds })
      report.add(
        "  good clients without an answer", "of 1000",
        fino: median(.fino) { Double($0.lost) / Double(max(1, $0.asked)) * 1e3 },
        peer: median(.dnsmasq) { Double($0.lost) / Double(max(1, $0.asked)) * 1e3 }, better: .less)
      report.add(
        "  99 % of their answers within", "µs", fino: median(.fino) { $0.p99 * 1e6 },
        peer: median(.dnsmasq) { $0.p99 * 1e6 }, better: .less)
    }
  }
}
