/// fino: `doctor`, before anything boots.

import Appliance
import ArgumentParser
import Foundation

struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Look at everything that could keep machines from booting.",
    discussion: """
      Ports, rights, links, other DHCP and PXE servers, packet filter, clock, boot programs, images,
      BMCs. It changes nothing; it asks the networks as machines that don't exist (three DISCOVERs,
      twice), and BMCs for their status. Exit code 1 when something will keep machines from booting.
      """)

  @OptionGroup var options: SettingsOptions
  @OptionGroup var output: OutputOptions

  @Flag(inversion: .prefixedNo, help: "Ask the networks who answers DHCP and PXE.")
  var probe = true

  @Flag(inversion: .prefixedNo, help: "Ask the BMCs of all hosts for their status.")
  var power = true

  @Option(
    help: ArgumentHelp(
      "Print only the lines that this DHCP server needs for firmware that merges no proxy offers: "
        + DHCPSnippet.Server.allCases.map(\.rawValue).joined(separator: ", ") + ".",
      valueName: "server"))
  var snippet: DHCPSnippet.Server?

  func run() async throws {
    let examination: Examination
    do {
      examination = try Examination(
        options.read(), Examination.Scope(probes: probe, asksPower: power))
    } catch let mistakes as ConfigurationMistakes where output.json {
      for mistake in mistakes.list {
        try JSONLine.print(
          Finding("configuration", .problem, "\(mistake.place): \(mistake.problem)"))
      }
      throw ExitCode(1)
    }
    if let snippet { return print(try examination.snippet(for: snippet)) }
    var worst = Finding.Severity.ok
    var counts: [Finding.Severity: Int] = [:]
    try await examination.run { finding in
      worst = max(worst, finding.severity)
      counts[finding.severity, default: 0] += 1
      show(finding)
    }
    if !output.json {
      print(
        "\(counts[.problem, default: 0]) problems, \(counts[.warning, default: 0]) warnings, "
          + "\(counts[.note, default: 0]) notes.")
    }
    if worst == .problem { throw ExitCode(1) }
  }

  private func show(_ finding: Finding) {
    if output.json {
      try? JSONLine.print(finding)
    } else {
      let mark =
        switch finding.severity {
        case .ok: "ok     "
        case .note: "note   "
        case .warning: "WARNING"
        case .problem: "PROBLEM"
        }
      let check = finding.check + String(repeating: " ", count: max(0, 9 - finding.check.count))
      print("\(mark)  \(check)  \(finding.text)")
      if let remedy = finding.remedy { print("                    -> \(remedy)") }
    }
    fflush(nil)
  }
}

extension DHCPSnippet.Server: ExpressibleByArgument {}
