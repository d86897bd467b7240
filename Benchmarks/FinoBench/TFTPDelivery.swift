/// FinoBench: `tftp`: the command, and its options.

import ArgumentParser
import Foundation
import Lab

struct TFTPDelivery: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tftp",
    abstract: "TFTP clients by the thousand: Fino, dnsmasq and tftpd-hpa.",
    discussion: "Needs root, two processors, iproute2, util-linux, dnsmasq and tftpd-hpa.")

  @OptionGroup var measure: MeasureOptions
  @OptionGroup var appliance: ApplianceOptions
  @OptionGroup var delivery: TFTPOptions

  func run() throws {
    try measure.finish([
      try TFTPRun(measure: measure, appliance: appliance, options: delivery).report()
    ])
  }
}

struct TFTPOptions: ParsableArguments {
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case single, many, window, crowd, weather
  }

  @Option(
    name: .customLong("tftp-part"),
    help: ArgumentHelp("Only these parts of the TFTP delivery; may be repeated."))
  var parts: [Part] = []

  @Option(help: ArgumentHelp("TFTP clients that come at once.", valueName: "n"))
  var crowd = 2000

  @Flag(help: "TFTP servers may use all processors, not only the first one.")
  var unpinned = false

  @Flag(help: "Only Fino's TFTP: no peers.")
  var alone = false

  func has(_ part: Part) -> Bool { parts.isEmpty || parts.contains(part) }

  func validate() throws {
    guard (1...4096).contains(crowd) else { throw ValidationError("--crowd: 1 to 4096") }
  }
}

/// The cable, its socket, and the files.
struct TFTPRun {
  var measure: MeasureOptions
  var appliance: ApplianceOptions
  var options: TFTPOptions

  /// What each part works with.
  struct Stage {
    var folder: String
    var network: BenchNetwork
    var socket: Int32
    var hardware: [UInt8]
    /// By their names in the folder of the server.
    var contents: [String: [UInt8]]
  }

  /// Neither is a multiple of a block: a large one, and one of a loader's size.
  static let image = "image.bin"
  static let loader = "loader.bin"

  func report() throws -> Report {
    try BenchPlace.take(for: "the TFTP delivery")
    return try appliance.withFolder { folder in
      let network = try BenchNetwork(work: folder)
      defer { network.close() }
      let socket = try network.rawSocket()
      defer { close(socket) }
      var contents: [String: [UInt8]] = [:]
      for (name, size) in [(Self.image, 1_048_653), (Self.loader, 200_003)] {
        contents[name] = try BenchPlace.write(size, to: "\(folder)/files/\(name)")
      }
      return try report(
        Stage(
          folder: folder, network: network, socket: socket,
          hardware: try network.serverHardware(), contents: contents))
    }
  }

  private func report(_ stage: Stage) throws -> Report {
    let peers = "\(BootServer.dnsmasqVersion(stage.folder)) and tftpd-hpa"
    var report = Report("TFTP", peer: options.alone ? nil : peers)
    if options.has(.single) { try single(stage, &report) }
    if options.has(.many) { try many(stage, &report) }
    if options.has(.window) { try window(stage, &report) }
    if options.has(.crowd) { try crowd(stage, &report) }
    if options.has(.weather) { try weather(stage, &report) }
    return report
  }

  /// What one server has done in one round.
  struct Round {
    var outcome: TFTPLoad.Outcome
    /// Seconds of processor time, and bytes of memory at the highest.
    var processor: Double
    var memory: Double
  }

  /// A fresh server, which has been asked once.
  func round(
    _ kind: TFTPServer.Kind, _ file: String, _ load: TFTPLoad, _ stage: Stage
  ) throws -> Round {
    let server = try TFTPServer(
      kind, stage.network, fino: appliance.fino, work: stage.folder,
      folder: "\(stage.folder)/files", pinned: !options.unpinned)
    defer { server.stop() }
    var load = load
    load.file = TFTPLoad.File(name: file, content: stage.contents[file] ?? [])
    var warm = load
    (warm.clients, warm.transfers, warm.seconds, warm.delay, warm.loss) = (1, 2, 5, 0, 0)
    let first = try warm.run(on: stage.socket, server: stage.hardware)
    guard first.finished == 2, first.wrong == 0 else {
      throw LabError("\(kind.title) does not serve \(file): \(server.output.suffix(1000))")
    }
    let before = server.use
    let outcome = try load.run(on: stage.socket, server: stage.hardware)
    let after = server.use
    guard server.isRunning, outcome.wrong == 0 else {
      throw LabError(
        "\(kind.title): \(outcome.wrong) files wrong: \(server.output.suffix(1000))")
    }
    return Round(
      outcome: outcome, processor: after.processor - before.processor, memory: after.highest)
  }
}
