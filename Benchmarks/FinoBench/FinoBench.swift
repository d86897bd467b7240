/// FinoBench: the command: what is measured, for how long, and where the numbers go.

import ArgumentParser
import Foundation

@main
struct FinoBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fino-bench",
    abstract: "Measure Fino beside its peers, on this machine, in one run.",
    subcommands: [
      Rendering.self, InventoryLoad.self, DHCPStorm.self, TFTPDelivery.self, HTTPDelivery.self,
      BootTogether.self, BMCBench.self, CaptureReading.self, Idle.self, Everything.self,
    ],
    defaultSubcommand: Everything.self)
}

struct MeasureOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How long one measurement takes.", valueName: "s"))
  var seconds = 2.0

  @Option(help: ArgumentHelp("How often each is repeated; medians count.", valueName: "n"))
  var rounds = 5

  @Option(help: ArgumentHelp("Where the numbers go as JSON, too.", valueName: "file"))
  var json: String?

  @Option(help: ArgumentHelp("Where the ratios go as a chart, too; SVG.", valueName: "file"))
  var chart: String?

  @Flag(help: "Fail when a number is worse than what is wanted of it.")
  var strict = false

  func validate() throws {
    guard seconds > 0, seconds <= 3600 else { throw ValidationError("--seconds: 0 to 3600") }
    guard (1...100).contains(rounds) else { throw ValidationError("--rounds: 1 to 100") }
  }

  func finish(_ reports: [Report]) throws {
    if let json { try Report.write(reports, to: json) }
    if let chart { try Chart.write(reports, to: chart) }
    if strict, reports.contains(where: { $0.rows.contains { $0.isMet == false } }) {
      throw ExitCode(1)
    }
  }
}

struct ApplianceOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The appliance to measure; a release build.", valueName: "path"))
  var fino = ".build/release/fino"

  @Option(help: ArgumentHelp("Where a folder for state and logs is made.", valueName: "dir"))
  var work = ".build/bench"

  /// Ours alone; absolute, because some servers change their directory.
  private var folder: String { URL(filePath: "\(work)/fino-bench.work").absoluteURL.path }

  /// Calls `body` with an empty folder, which is removed in the end.
  func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let files = FileManager.default
    try? files.removeItem(atPath: folder)
    try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? files.removeItem(atPath: folder) }
    return try body(folder)
  }
}

struct Everything: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "all", abstract: "All of them, one after the other.")

  @OptionGroup var measure: MeasureOptions
  @OptionGroup var appliance: ApplianceOptions
  @OptionGroup var storm: StormOptions
  @OptionGroup var delivery: TFTPOptions
  @OptionGroup var boot: BootOptions

  func run() throws {
    var reports = [
      try RenderingRun(measure: measure).report(),
      try InventoryRun(measure: measure, appliance: appliance).report(),
      try StormRun(measure: measure, appliance: appliance, storm: storm).report(),
      try TFTPRun(measure: measure, appliance: appliance, options: delivery).report(),
      try BootRun(measure: measure, appliance: appliance, options: boot).report(),
      try IdleRun(measure: measure, appliance: appliance).report(),
    ]
    reports += try HTTPRun(measure: measure, appliance: appliance, http: .parse([])).reports()
    reports += try BMCRun(measure: measure, fino: appliance.fino).reports(nil)
    reports += try CaptureRun(measure: measure, appliance: appliance).reports()
    try measure.finish(reports)
  }
}
