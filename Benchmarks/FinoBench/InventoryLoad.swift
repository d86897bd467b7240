/// FinoBench: `inventory`: ten thousand hosts, asked over HTTP.

import ArgumentParser
import CLoad
import Foundation
import Lab

struct InventoryLoad: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inventory",
    abstract: "Ten thousand hosts in five levels of groups: latencies and memory.")

  @OptionGroup var measure: MeasureOptions
  @OptionGroup var appliance: ApplianceOptions

  func run() throws {
    try measure.finish([try InventoryRun(measure: measure, appliance: appliance).report()])
  }
}

struct InventoryRun {
  var measure: MeasureOptions
  var appliance: ApplianceOptions

  func report() throws -> Report {
    guard geteuid() == 0 else { throw LabError("the inventory needs root for its namespace") }
    return try appliance.withFolder { folder in
      let network = try BenchNetwork(work: folder)
      defer { network.close() }
      let records = InventoryRecords(count: 10_000)
      let server = try start(records, network, folder)
      defer { server.stop() }
      return try report(server, records)
    }
  }

  private func report(_ server: BootServer, _ records: InventoryRecords) throws -> Report {
    var report = Report("an inventory of 10,000 hosts")
    report.add("memory at the start", "MB", fino: ProcessUse(server.processID).resident / 1e6)
    for clients in [1, 4] {
      for (title, paths) in records.questions {
        let times = try measure(paths, clients: clients, server.processID)
        let who = clients == 1 ? "1 client" : "\(clients) clients"
        report.add("\(title), \(who)", "requests/s", fino: times.rate)
        report.add("  half within", "ms", fino: times.sample.median * 1e3)
        report.add(
          "  99 % within", "ms", fino: times.sample.percentile(99) * 1e3, wanted: .below(10))
      }
    }
    let use = ProcessUse(server.processID)
    report.add("memory after all of it", "MB", fino: use.resident / 1e6)
    report.add("memory at its highest", "MB", fino: use.highest / 1e6, wanted: .below(150))
    return report
  }

  /// Imported into an empty state, and served.
  private func start(
    _ records: InventoryRecords, _ network: BenchNetwork, _ folder: String
  ) throws -> BootServer {
    let state = "\(folder)/state"
    try records.write(to: "\(folder)/records")
    let child = try ChildProcess.start(
      [appliance.fino, "import", "bergenholm", "\(folder)/records", "--state", state],
      output: "\(folder)/import.log")
    while child.isRunning { usleep(10_000) }
    guard child.ended == .status(0) else { throw LabError("fino import: \(child.outputText)") }
    return try BootServer(
      .fino, network, fino: appliance.fino, work: folder, state: state, pinned: false)
  }

  /// Each of the clients asks again as soon as it has its answer. One round to warm, then all rounds
  /// as one sample.
  private func measure(
    _ paths: [String], clients: Int, _ process: Int32
  ) throws -> (sample: Sample, rate: Double) {
    var connections: [KeepAliveConnection] = []
    for _ in 0..<clients { connections.append(try KeepAliveConnection(process: process, port: 80)) }
    let clock = ContinuousClock()
    var sample = Sample()
    var next = 0
    let warm = clock.now + .seconds(min(1, measure.seconds / 4))
    let end = warm + .seconds(measure.seconds * Double(measure.rounds))
    func ask(_ connection: KeepAliveConnection) throws {
      try connection.ask(paths[next % paths.count])
      next += 1
    }
    for connection in connections { try ask(connection) }
    while clock.now < end {
      for connection in try KeepAliveConnection.ready(connections) {
        guard let took = try connection.receive() else { continue }
        if clock.now > warm { sample.add(took.inSeconds) }
        try ask(connection)
      }
    }
    let seconds = measure.seconds * Double(measure.rounds)
    return (sample, Double(sample.values.count) / seconds)
  }
}
