/// FinoBench: `dhcp`: the command, and its options.

import ArgumentParser
import Foundation
import Lab

struct DHCPStorm: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dhcp",
    abstract: "Boot clients by the hundred thousand: Fino and dnsmasq, each on one processor.",
    discussion: "Needs root, two processors, iproute2, util-linux and dnsmasq.")

  @OptionGroup var measure: MeasureOptions
  @OptionGroup var appliance: ApplianceOptions
  @OptionGroup var storm: StormOptions

  func run() throws {
    try measure.finish([
      try StormRun(measure: measure, appliance: appliance, storm: storm).report()
    ])
  }
}

struct StormOptions: ParsableArguments {
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case closed, open, spoofed, malformed
  }

  @Option(help: ArgumentHelp("Only these parts of the DHCP storm; may be repeated."))
  var part: [Part] = []

  @Option(help: ArgumentHelp("Boot clients: MAC addresses, UUIDs, addresses.", valueName: "n"))
  var clients = 100_000

  @Option(help: ArgumentHelp("Machines that exist only once, for the memory.", valueName: "n"))
  var spoofed = 1_000_000

  @Option(
    help: ArgumentHelp(
      "Questions a second of the good clients beside malformed packets; default: a quarter of dnsmasq's highest rate.",
      valueName: "n"))
  var goodRate: Double?

  func has(_ part: Part) -> Bool { self.part.isEmpty || self.part.contains(part) }

  func validate() throws {
    guard (2...2_000_000).contains(clients) else {
      throw ValidationError("--clients: 2 to 2000000")
    }
    guard spoofed >= 1 else { throw ValidationError("--spoofed: at least 1") }
    guard goodRate.map({ (1...1_000_000).contains($0) }) ?? true else {
      throw ValidationError("--good-rate: 1 to 1000000")
    }
  }
}

/// The cable, its socket, and the two servers that are tried on it.
struct StormRun {
  var measure: MeasureOptions
  var appliance: ApplianceOptions
  var storm: StormOptions

  /// What each part works with.
  struct Stage {
    var folder: String
    var network: BenchNetwork
    var socket: Int32
    var hardware: [UInt8]
  }

  func report() throws -> Report {
    try BenchPlace.take(for: "the DHCP storm")
    return try appliance.withFolder { folder in
      let network = try BenchNetwork(work: folder)
      defer { network.close() }
      let socket = try network.rawSocket()
      defer { close(socket) }
      return try report(
        Stage(
          folder: folder, network: network, socket: socket,
          hardware: try network.serverHardware()))
    }
  }

  private func report(_ stage: Stage) throws -> Report {
    var report = Report("the DHCP storm", peer: BootServer.dnsmasqVersion(stage.folder))
    if storm.has(.closed) { try closedLoop(stage, &report) }
    var good = storm.goodRate
    if storm.has(.open) {
      let highest = try openLoop(stage, &report)
      good = good ?? highest / 4
    } else if storm.has(.malformed), good == nil {
      // One look is enough for a rate that nobody compares.
      good = try with(.dnsmasq, stage) { _ in try highestRate(stage) } / 4
    }
    if storm.has(.malformed), let good { try malformed(stage, good: good, &report) }
    if storm.has(.spoofed) { try spoofed(stage, &report) }
    return report
  }

  /// A fresh server, warm, and stopped in the end.
  func with<Result>(
    _ kind: BootServer.Kind, _ stage: Stage, _ body: (BootServer) throws -> Result
  ) throws -> Result {
    let server = try BootServer(kind, stage.network, fino: appliance.fino, work: stage.folder)
    defer { server.stop() }
    let outcome = try run(BootStorm(pace: .outstanding(4), seconds: 0.5), stage)
    for question in BootStorm.Question.allCases where outcome.answered[question] == 0 {
      throw LabError("\(kind) answers no \(question.title): \(server.output.suffix(1000))")
    }
    let result = try body(server)
    guard server.isRunning else { throw LabError("\(kind) ended: \(server.output.suffix(1000))") }
    return result
  }

  func run(_ storm: BootStorm, _ stage: Stage) throws -> BootStorm.Outcome {
    var storm = storm
    storm.clients = min(storm.clients, self.storm.clients)
    return try storm.run(on: stage.socket, server: stage.hardware)
  }
}
