/// FinoBench: whole files, ranges of them, and clients that take their time.

import Foundation
import Lab

extension HTTPRun {
  /// One client and 64, each with a connection that fetches the large file again and again.
  func files(_ stage: Stage, _ report: inout Report) throws {
    try with(stage) { servers in
      try verify(stage, servers)
      for count in [1, 64] {
        let values = try rounds { kind, _ in
          let measured = try run(
            HTTPClients(
              port: servers.port(kind), paths: [HTTPFiles.large], connections: count,
              seconds: measure.seconds), of: servers.processID(kind), stage)
          try measured.outcome.check("\(kind)")
          return measured
        }
        let who = count == 1 ? "1 client" : "\(count) clients"
        report.add(
          "a file of \(http.fileSize) MiB, \(who)", "MB/s", values, wanted: .ratio(atLeast: 1.3)
        ) { $0.outcome.byteRate / 1e6 }
        report.add(
          "  processor time of a GB", "ms", values, better: .less,
          wanted: .ratio(atLeast: 1 / 1.3)
        ) { $0.processorOfGigabyte * 1e3 }
        addBusy(values, &report)
      }
    }
  }

  /// Both send what is in the file.
  private func verify(_ stage: Stage, _ servers: Servers) throws {
    for kind in Kind.allCases {
      var clients = HTTPClients(
        port: servers.port(kind), paths: [HTTPFiles.large], connections: 2, seconds: 600,
        requests: 2, verify: true)
      let whole = try start(clients, stage).outcome()
      try whole.check("\(kind), whole files")
      guard whole.bytes == 2 * Double(stage.files.largeSize) else {
        throw LabError("\(kind) sends files of another size: \(whole.bytes / 2)")
      }
      clients.range = 64 << 10
      clients.fileSize = stage.files.largeSize
      clients.connections = 16
      clients.requests = 1000
      try start(clients, stage).outcome().check("\(kind), ranges")
    }
  }

  /// 64 KiB at random places, as a machine reads that has its disk there.
  func ranges(_ stage: Stage, _ report: inout Report) throws {
    try with(stage) { servers in
      for count in [1, 64] {
        let values = try rounds { kind, _ in
          let measured = try run(
            HTTPClients(
              port: servers.port(kind), paths: [HTTPFiles.large], connections: count,
              seconds: measure.seconds, range: 64 << 10, fileSize: stage.files.largeSize),
            of: servers.processID(kind), stage)
          try measured.outcome.check("\(kind)")
          return measured
        }
        let who = count == 1 ? "1 connection" : "\(count) connections"
        report.add(
          "ranges of 64 KiB, \(who)", "answers/s", values, wanted: .ratio(atLeast: 0.8)
        ) { $0.outcome.answerRate }
        addAnswers(values, &report)
      }
    }
  }

  /// 500 clients that read 16 KiB a second of the large file.
  func memory(_ stage: Stage, _ report: inout Report) throws {
    try with(stage) { servers in
      let values = try rounds(1) { kind, _ in
        var clients = HTTPClients(
          doing: .read(bytesPerSecond: 16 << 10), port: servers.port(kind),
          paths: [HTTPFiles.large], connections: 500, seconds: max(10, 2 * measure.seconds))
        clients.receiveBuffer = 32 << 10
        let outcome = try start(clients, stage).outcome()
        guard outcome.broken == 0, outcome.refused == 0, outcome.bytes > 0 else {
          throw LabError("\(kind): \(outcome.broken) of 500 slow clients were cut off")
        }
        return (outcome: outcome, use: ProcessUse(session: servers.processID(kind)))
      }
      report.add(
        "500 slow clients: memory at its highest", "MB", values, better: .less,
        wanted: .below(150)
      ) { $0.use.highest / 1e6 }
      report.add("  what they read", "MB/s", values) { $0.outcome.byteRate / 1e6 }
    }
  }

  func addAnswers(_ values: [Kind: [Measured]], _ report: inout Report) {
    report.add("  half of the answers within", "µs", values, better: .less) {
      $0.outcome.latency.percentile(50) * 1e6
    }
    report.add("  99 % of the answers within", "µs", values, better: .less) {
      $0.outcome.latency.percentile(99) * 1e6
    }
    report.add("  processor time of an answer", "µs", values, better: .less) {
      $0.processorOfAnswer * 1e6
    }
    addBusy(values, &report)
  }

  /// Near 100 the clients are the limit, and the ratio says little.
  func addBusy(_ values: [Kind: [Measured]], _ report: inout Report) {
    report.add("  the clients' thread worked", "%", values, better: .less) {
      $0.outcome.busy * 100
    }
  }
}
