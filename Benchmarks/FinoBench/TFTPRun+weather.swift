/// FinoBench: `tftp` over a cable that is long and loses packets.

import Foundation

extension TFTPRun {
  /// Sixteen clients fetch a loader each. No transfer may fail.
  func weather(_ stage: Stage, _ report: inout Report) throws {
    for delay in [0.0, 0.01, 0.05] {
      for loss in [0.0, 0.01, 0.02] where delay + loss > 0 {
        var rates: [Int: Double] = [:]
        let weather = "\(Report.text(delay * 1e3)) ms, \(Report.text(loss * 100)) % lost"
        for window in [1, 16] {
          var load = load(16, window: window)
          load.transfers = 32
          (load.seconds, load.delay, load.loss) = (120, delay, loss)
          let kinds: [TFTPServer.Kind] = window == 1 ? [.fino, .dnsmasq] : [.fino]
          let all = try rounds(of: kinds, Self.loader, load, stage, atMost: 1)
          rates[window] = median(all[.fino]) { $0.outcome.rate / 1e6 }
          report.add(
            "\(weather): window \(window)", "MB/s", fino: rates[window] ?? .nan,
            peer: all[.dnsmasq].map { median($0) { $0.outcome.rate / 1e6 } })
          report.add(
            "  the slowest transfer", "s", fino: most(all[.fino]) { $0.outcome.slowest },
            peer: all[.dnsmasq].map { most($0) { $0.outcome.slowest } }, better: .less)
          report.add(
            "  transfers that failed", "of 32",
            fino: most(all[.fino]) { Double($0.outcome.failed) },
            peer: all[.dnsmasq].map { most($0) { Double($0.outcome.failed) } }, better: .less,
            wanted: .atMost(0))
        }
        report.add(
          "  window 16, of window 1", "times", fino: (rates[16] ?? .nan) / (rates[1] ?? .nan),
          wanted: delay == 0.01 && loss == 0 ? .atLeast(8) : nil)
      }
    }
  }
}
