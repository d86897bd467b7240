/// FinoBench: `idle`: an appliance that nobody asks.

import ArgumentParser
import Foundation
import Lab

struct Idle: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "idle", abstract: "Start, memory and processor time of an idle appliance.")

  @OptionGroup var measure: MeasureOptions
  @OptionGroup var appliance: ApplianceOptions

  func run() throws {
    try measure.finish([try IdleRun(measure: measure, appliance: appliance).report()])
  }
}

struct IdleRun {
  var measure: MeasureOptions
  var appliance: ApplianceOptions

  /// Seconds that nobody asks anything.
  private static let quiet = 10

  func report() throws -> Report {
    try BenchPlace.take(for: "the idle appliance")
    return try appliance.withFolder { folder in
      let network = try BenchNetwork(work: folder)
      defer { network.close() }
      var report = Report("an idle appliance")
      var starts = Sample()
      for _ in 0..<max(5, measure.rounds) {
        starts.add(try start(network, folder).seconds)
      }
      report.add(
        "from start to ready", "ms", fino: starts.median * 1e3, wanted: .below(150))
      report.add(
        "  the slowest of \(starts.values.count)", "ms", fino: starts.percentile(100) * 1e3)

      let (process, _) = try start(network, folder, stays: true)
      defer { process.kill() }
      sleep(2)
      let before = ProcessUse(process.processID)
      sleep(UInt32(Self.quiet))
      let after = ProcessUse(process.processID)
      guard process.isRunning else { throw LabError("Fino ended: \(process.outputText)") }
      report.add("resident memory", "MB", fino: after.resident / 1e6, wanted: .below(40))
      report.add("  at its highest", "MB", fino: after.highest / 1e6)
      // The kernel counts in hundredths of a second, so this counts the schedulings, too.
      report.add(
        "processor time", "% of a core",
        fino: (after.processor - before.processor) / Double(Self.quiet) * 100, wanted: .below(0.2))
      return report
    }
  }

  /// With an empty state; ends it again unless it is to stay. Seconds until it says that it is ready.
  private func start(
    _ network: BenchNetwork, _ folder: String, stays: Bool = false
  ) throws -> (process: ChildProcess, seconds: Double) {
    let output = "\(folder)/idle.log"
    try? FileManager.default.removeItem(atPath: output)
    try? FileManager.default.removeItem(atPath: "\(folder)/state")
    try FileManager.default.createDirectory(
      atPath: "\(folder)/images", withIntermediateDirectories: true)
    let configuration = "\(folder)/fino.yaml"
    try Data("power: { driver: log }\n".utf8).write(to: URL(filePath: configuration))
    let command = [
      appliance.fino, "serve", "--interface", "eth0", "--state", "\(folder)/state", "--images",
      "\(folder)/images", "--config", configuration,
    ]
    let process = try network.start(command, pinned: false, output: output)
    let began = ContinuousClock.now
    let deadline = began + .seconds(60)
    while !process.outputText.contains("is ready") {
      guard process.isRunning, .now < deadline else {
        process.kill()
        throw LabError("Fino did not start: \(process.outputText)")
      }
      usleep(500)
    }
    let seconds = (ContinuousClock.now - began).inSeconds
    if !stays { process.kill() }
    return (process, seconds)
  }
}
