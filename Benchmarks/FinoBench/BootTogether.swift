/// FinoBench: `boot`: machines that are switched on together.

import ArgumentParser
import Foundation
import Lab

struct BootTogether: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boot",
    abstract: "The boot storm: Fino, and dnsmasq with nginx and a Flask script.",
    discussion: """
      Each machine has an identity of its own and does all that a boot does: DISCOVER, REQUEST on port 4011, \
      the boot program over TFTP, its script, kernel and initrd over HTTP. Needs root, two processors, \
      iproute2, util-linux, curl, dnsmasq, nginx, and a Python with Flask and gunicorn (FINO_PYTHON).
      """)

  @OptionGroup var measure: MeasureOptions
  @OptionGroup var appliance: ApplianceOptions
  @OptionGroup var boot: BootOptions

  func run() throws {
    try measure.finish([
      try BootRun(measure: measure, appliance: appliance, options: boot).report()
    ])
  }
}

struct BootOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Machines that are switched on together.", valueName: "n"))
  var machines = 200

  func validate() throws {
    guard (1...10_000).contains(machines) else { throw ValidationError("--machines: 1 to 10000") }
  }
}

struct BootRun {
  var measure: MeasureOptions
  var appliance: ApplianceOptions
  var options: BootOptions

  private struct Round {
    var outcome: BootMachines.Outcome
    var processor: Double
    var memory: Double
  }

  private struct Stage {
    var network: BenchNetwork
    var hardware: [UInt8]
    var files: BootSite.Files
    var machines: BootMachines
  }

  func report() throws -> Report {
    try BenchPlace.take(for: "the boot storm")
    return try appliance.withFolder { folder in
      let network = try BenchNetwork(work: folder)
      defer { network.close() }
      try network.addressClients(apart: false)
      let files = BootSite.Files(
        work: folder, images: "\(folder)/images", machines: options.machines)
      let place = "\(files.images)/\(files.location)"
      let kernel = try BenchPlace.write(8 << 20 | 5, to: "\(place)/vmlinuz")
      let initrd = try BenchPlace.write(30 << 20 | 7, to: "\(place)/initrd.img")
      let machines = BootMachines(
        count: options.machines, scriptPort: 0, loaders: [],
        kernel: .init(name: "vmlinuz", content: kernel),
        initrd: .init(name: "initrd.img", content: initrd))
      var stage = Stage(
        network: network, hardware: try network.serverHardware(), files: files, machines: machines)
      stage.machines.loaders = try loaders(stage)
      return try report(stage)
    }
  }

  /// What Fino has inside, which the others serve as files.
  private func loaders(_ stage: Stage) throws -> [BootMachines.File] {
    let site = try BootSite(.fino, stage.network, fino: appliance.fino, stage.files)
    defer { site.stop() }
    return try ["undionly.kpxe", "snponly.efi"].map {
      BootMachines.File(name: $0, content: try site.loader($0))
    }
  }

  private func round(_ kind: BootSite.Kind, _ stage: Stage) throws -> Round {
    let site = try BootSite(kind, stage.network, fino: appliance.fino, stage.files)
    defer { site.stop() }
    var machines = stage.machines
    machines.scriptPort = site.scriptPort
    let before = site.processor
    let outcome = try machines.run(
      in: stage.network.clientHost.processID, server: stage.hardware)
    try site.check()
    return Round(
      outcome: outcome, processor: site.processor - before, memory: site.memory)
  }

  private func report(_ stage: Stage) throws -> Report {
    let peer = "\(BootServer.dnsmasqVersion(stage.files.work)), nginx, gunicorn with Flask"
    var report = Report("the boot storm", peer: peer)
    var rounds: [BootSite.Kind: [Round]] = [:]
    for _ in 0..<measure.rounds {
      for kind in BootSite.Kind.allCases {
        rounds[kind, default: []].append(try round(kind, stage))
      }
    }
    let ours = rounds[.fino] ?? []
    let theirs = rounds[.seeds] ?? []
    guard Set((ours + theirs).map(\.outcome.script)).count == 1 else {
      throw LabError("the scripts differ: \(Set((ours + theirs).map(\.outcome.script)))")
    }
    func row(
      _ what: String, _ unit: String, wanted: Report.Wanted? = nil, _ value: (Round) -> Double
    ) {
      report.add(
        what, unit, fino: Sample(ours.map(value)).median, peer: Sample(theirs.map(value)).median,
        better: .less, wanted: wanted)
    }
    // At most 0.7 times as long.
    row(
      "\(options.machines) machines, the last one has all after", "s",
      wanted: .ratio(atLeast: 1 / 0.7)
    ) { $0.outcome.seconds }
    row("  half of them after", "s") { $0.outcome.p50 }
    for step in BootMachines.Step.allCases {
      row("  the last one is through \(step) after", "s") { $0.outcome.last[step] ?? .nan }
    }
    row("  machines that did not boot", "", wanted: .atMost(0)) {
      Double(options.machines - $0.outcome.finished)
    }
    row("  processor time of the servers", "s") { $0.processor }
    row("  memory at its highest", "MB") { $0.memory / 1e6 }
    row("  the machines' thread worked", "% of time") { $0.outcome.busy * 100 }
    for round in ours + theirs {
      if let step = round.outcome.failedStep { print("  a machine failed at its \(step)") }
    }
    return report
  }
}
