/// FinoBench: `capture`: a large capture explained, beside tshark with a filter for the same packets.

import ArgumentParser
import Foundation
import Lab

struct CaptureReading: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capture", abstract: "Explain large captures, as whole processes.",
    discussion: """
      The captures are made: whole boots (DHCP, a loader, a script, kernel and initrd), and their
      conversation alone. tshark prints a line for each packet of DHCP, TFTP and HTTP, without names
      looked up; what it prints is thrown away.
      """)

  @OptionGroup var measure: MeasureOptions
  @OptionGroup var appliance: ApplianceOptions

  @Option(help: ArgumentHelp("The capture that both read.", valueName: "MB"))
  var size = 200

  @Option(help: ArgumentHelp("The capture that Fino reads alone; 0 is none.", valueName: "MB"))
  var large = 1000

  @Flag(name: .customLong("tshark-json"), help: "Let tshark print JSON, too; it takes minutes.")
  var tsharkJSON = false

  func validate() throws {
    guard (10...4000).contains(size), (0...100_000).contains(large) else {
      throw ValidationError("--size: 10 to 4000; --large: 0 to 100000")
    }
  }

  func run() throws {
    try measure.finish(
      try CaptureRun(
        measure: measure, appliance: appliance, size: size, large: large, asksJSON: tsharkJSON
      ).reports())
  }
}

struct CaptureRun {
  var measure: MeasureOptions
  var appliance: ApplianceOptions
  /// In MB.
  var size = 200
  var large = 1000
  var asksJSON = false

  private static let images = BootCapture.Images(kernel: 1_500_000, initrd: 2_500_000)
  private static let filter = "dhcp or tftp or http"

  func reports() throws -> [Report] {
    try appliance.withFolder { folder in
      let file = "\(folder)/boots.pcap"
      var reports: [Report] = []
      let boots = try BootCapture(Self.images)
      let machines = max(1, (size * 1_000_000 + boots.size - 1) / boots.size)
      let bytes = try boots.write(machines: machines, to: file)
      reports.append(
        try compare(file, bytes, machines, "whole boots, \(machines) machines", isWanted: true))
      // Each machine has some ten steps, and of 24,000 in all the rest would be left out.
      let talk = try BootCapture(nil)
      reports.append(
        try compare(
          file, try talk.write(machines: 1500, to: file), 1500,
          "the conversation alone, 1,500 machines", isWanted: false))
      if large > 0 {
        let machines = min(4000, max(1, large * 1_000_000 / boots.size))
        reports.append(try alone(file, try boots.write(machines: machines, to: file), machines))
      }
      return reports
    }
  }

  private func compare(
    _ file: String, _ bytes: Int, _ machines: Int, _ what: String, isWanted: Bool
  ) throws -> Report {
    var report = Report("a capture of \(bytes / 1_000_000) MB, \(what)", peer: "tshark")
    var ours: [ProcessRun] = []
    var theirs: [ProcessRun] = []
    try check(file, machines)
    let peer = ["tshark", "-n", "-r", file, "-Y", Self.filter]
    for _ in 0..<measure.rounds {
      ours.append(try ProcessRun([appliance.fino, "explain", file]))
      theirs.append(try ProcessRun(peer))
    }
    let (fino, tshark) = (ProcessRun.Medians(ours), ProcessRun.Medians(theirs))
    let wanted: Report.Wanted? = isWanted ? .ratio(atLeast: 20) : nil
    report.add(
      "wall time", "s", fino: fino.seconds, peer: tshark.seconds, better: .less, wanted: wanted)
    report.add(
      "processor time", "s", fino: fino.processor, peer: tshark.processor, better: .less,
      wanted: wanted)
    report.add(
      "  read in a second", "MB", fino: Double(bytes) / 1e6 / fino.seconds,
      peer: Double(bytes) / 1e6 / tshark.seconds, wanted: isWanted ? .atLeast(200) : nil)
    report.add(
      "memory at its highest", "MB", fino: fino.highest / 1e6, peer: tshark.highest / 1e6,
      better: .less, wanted: .below(200))
    if asksJSON {
      let run = try ProcessRun(peer + ["-T", "json"])
      report.add(
        "  beside tshark -T json", "s", fino: fino.seconds, peer: run.seconds, better: .less)
    }
    return report
  }

  private func alone(_ file: String, _ bytes: Int, _ machines: Int) throws -> Report {
    var report = Report("a capture of \(bytes / 1_000_000) MB, whole boots, \(machines) machines")
    try check(file, machines)
    let fino = ProcessRun.Medians(
      try (0..<measure.rounds).map { _ in try ProcessRun([appliance.fino, "explain", file]) })
    report.add("wall time", "s", fino: fino.seconds)
    report.add("processor time", "s", fino: fino.processor)
    report.add(
      "  read in a second", "MB", fino: Double(bytes) / 1e6 / fino.seconds, wanted: .atLeast(200))
    report.add("memory at its highest", "MB", fino: fino.highest / 1e6, wanted: .below(200))
    return report
  }

  /// What `fino explain --json` says, as far as it is looked at.
  private struct Answer: Decodable {
    struct Machine: Decodable {
      var boots: [Boot]
    }
    struct Boot: Decodable {
      var steps: [Step]
    }
    struct Step: Decodable {
      var kind: String
    }
    var machines: [Machine]
    var remarks: [String]
  }

  /// No number without the right answer: every machine with one boot that ends with what it fetched by
  /// HTTP, and nothing left out. Also brings the file into the kernel's memory, for both.
  private func check(_ file: String, _ machines: Int) throws {
    let output = "\(file).json"
    try? FileManager.default.removeItem(atPath: output)
    _ = try ProcessRun([appliance.fino, "explain", "--json", file], output: output)
    let answer = try JSONDecoder().decode(
      Answer.self, from: try Data(contentsOf: URL(filePath: output)))
    let right = answer.machines.count {
      $0.boots.count == 1 && $0.boots[0].steps.last?.kind == "http"
    }
    guard right == machines, answer.machines.count == machines, answer.remarks.isEmpty else {
      throw LabError(
        "fino explain told \(right) of \(machines) boots right: \(answer.remarks)")
    }
  }
}
