/// FinoBench: a boot beside two thousand clients that mean no good.

import Foundation
import Lab

extension HTTPRun {
  /// 1,000 clients read 1 KiB a second of the large file, and 1,000 never end their head, each from
  /// an address of its own. Meanwhile a machine fetches its script, 8 MB and 30 MB, again and again.
  func hostile(_ stage: Stage, _ report: inout Report) throws {
    try with(stage) { servers in
      try stage.files.write(script: Array("#!ipxe\n".utf8))
      let values = try rounds(min(3, measure.rounds)) { kind, _ in
        let alone = try boots(kind, servers, stage)
        let crowd = [HTTPClients.Doing.read(bytesPerSecond: 1024), .halfHead].map { doing in
          var clients = HTTPClients(
            doing: doing, port: servers.port(kind), paths: [HTTPFiles.large], connections: 1000,
            seconds: 3600)
          clients.receiveBuffer = 16 << 10
          return clients
        }
        let loads = try crowd.map { try start($0, stage) }
        for load in loads { try load.waitUntilStarted() }
        // They all have their turn.
        sleep(2)
        let beside = try boots(kind, servers, stage)
        let outcomes = try loads.map { load throws(LabError) in try load.stop() }
        return (
          alone: alone, beside: beside, cut: outcomes.reduce(0) { $0 + $1.broken },
          read: outcomes[0].byteRate
        )
      }
      report.add("a boot's 38 MB, alone", "ms", values, better: .less) { $0.alone.median * 1e3 }
      report.add("  beside 2,000 hostile clients", "ms", values, better: .less) {
        $0.beside.median * 1e3
      }
      report.add("  slower by", "%", values, better: .less, wanted: .atMost(10)) {
        ($0.beside.median / $0.alone.median - 1) * 100
      }
      report.add("  the slowest of all, beside them", "ms", values, better: .less) {
        $0.beside.percentile(100) * 1e3
      }
      report.add("  hostile clients that were cut off", "", values) { Double($0.cut) }
      report.add("  what the 1,000 readers got", "KB/s", values) { $0.read / 1e3 }
    }
  }

  /// Seconds of each boot, on a connection of its own.
  private func boots(_ kind: Kind, _ servers: Servers, _ stage: Stage) throws -> Sample {
    var times = Sample()
    let end = ContinuousClock.now + .seconds(2 * measure.seconds)
    while ContinuousClock.now < end || times.values.count < 5 {
      let outcome = try start(
        HTTPClients(
          port: servers.port(kind), paths: [servers.script(kind)] + HTTPFiles.bootImages,
          seconds: 60, requests: 3, machines: 1), stage
      ).outcome()
      try outcome.check("\(kind), a boot")
      guard outcome.answered == 3 else { throw LabError("\(kind): a boot has not ended in 60 s") }
      times.add(outcome.seconds)
    }
    return times
  }
}
