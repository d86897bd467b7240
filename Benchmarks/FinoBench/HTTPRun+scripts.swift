/// FinoBench: iPXE scripts, each for another machine.

import Foundation
import Lab

extension HTTPRun {
  private static let machines = 50_000

  /// Beside nginx with the same text in a file; answers the report beside the web application.
  func scripts(_ stage: Stage, _ report: inout Report) throws -> Report {
    try with(stage) { servers in
      let text = try script(stage, port: 80)
      try stage.files.write(script: text)
      for (count, oneEach) in [(1, false), (64, false), (64, true)] {
        let values = try rounds { kind, _ in
          let measured = try run(
            clients(
              port: servers.port(kind), servers.script(kind), connections: count, oneEach: oneEach),
            of: servers.processID(kind), stage)
          try measured.outcome.check("\(kind)")
          guard measured.outcome.sample == text else {
            throw LabError("\(kind) sends another script")
          }
          return measured
        }
        let who = count == 1 ? "1 connection" : "\(count) connections"
        report.add(
          oneEach
            ? "scripts of \(text.count) bytes, a connection for each"
            : "scripts of \(text.count) bytes, \(who)", "answers/s", values,
          wanted: count == 64 && !oneEach ? .ratio(atLeast: 0.6) : nil
        ) { $0.outcome.answerRate }
        addAnswers(values, &report)
      }
      return try besideSeed(stage, servers, text)
    }
  }

  private func besideSeed(_ stage: Stage, _ servers: Servers, _ text: [UInt8]) throws -> Report {
    let seed = try SeedServer(work: stage.folder)
    var report = Report("iPXE scripts for 50,000 machines", peer: seed.name)
    let server = try seed.start(
      script: text, stage.network, work: stage.folder, pinned: !http.spread)
    defer { server.stop() }
    // Its workers end each connection after one answer; Fino's clients may keep theirs, or not.
    for oneEach in [false, true] {
      var ours: [Measured] = []
      var theirs: [Measured] = []
      for _ in 0..<measure.rounds {
        for (port, isFino) in [(UInt16(80), true), (server.port, false)] {
          let measured = try run(
            clients(port: port, HTTPFiles.scripts, connections: 64, oneEach: oneEach),
            of: isFino ? servers.fino.processID : server.processID, stage)
          try measured.outcome.check(isFino ? "Fino" : seed.name)
          guard measured.outcome.sample == text else {
            throw LabError("the two do not send the same script")
          }
          if isFino { ours.append(measured) } else { theirs.append(measured) }
        }
      }
      func median(_ all: [Measured], _ number: (Measured) -> Double) -> Double {
        Sample(all.map(number)).median
      }
      report.add(
        oneEach ? "64 clients, a connection for each script" : "64 clients, connections are kept",
        "answers/s", fino: median(ours) { $0.outcome.answerRate },
        peer: median(theirs) { $0.outcome.answerRate },
        wanted: oneEach ? nil : .ratio(atLeast: 30))
      report.add(
        "  processor time of an answer", "µs", fino: median(ours) { $0.processorOfAnswer * 1e6 },
        peer: median(theirs) { $0.processorOfAnswer * 1e6 }, better: .less)
    }
    return report
  }

  private func clients(
    port: UInt16, _ path: String, connections: Int, oneEach: Bool
  ) -> HTTPClients {
    HTTPClients(
      port: port, paths: [path], connections: connections, seconds: measure.seconds,
      machines: Self.machines, oneEach: oneEach, receiveBuffer: 0)
  }

  /// What a machine gets that nobody knows.
  private func script(_ stage: Stage, port: UInt16) throws -> [UInt8] {
    let outcome = try start(
      HTTPClients(
        port: port, paths: [HTTPFiles.scripts], seconds: 20, requests: 1, machines: 1), stage
    ).outcome()
    try outcome.check("Fino, a script")
    guard outcome.sample.starts(with: Array("#!ipxe\n".utf8)) else {
      throw LabError("no script: \(String(decoding: outcome.sample, as: UTF8.self))")
    }
    return outcome.sample
  }
}
