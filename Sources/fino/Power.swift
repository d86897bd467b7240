/// fino: `power` and `bootdev`, without an appliance: straight to the BMCs.

import Appliance
import ArgumentParser
import Datagram
import Foundation
import IPMI
import Power

struct BMCOptions: ParsableArguments {
  @Argument(
    help: """
      BMCs: addresses or names, with :PORT where it is not --port; ranges like 10.0.0.[1-250] or \
      bmc[01-12]; @FILE for a file with such words.
      """)
  var address: [String] = []

  @OptionGroup var login: BMCLoginOptions

  @Option(name: .customLong("time-limit"), help: "Seconds for each BMC.")
  var timeLimit = 20

  @Option(help: "BMCs that are asked at a time.")
  var fanout = 256

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard !address.isEmpty else { throw ValidationError("give the address of at least one BMC") }
    guard (1...3600).contains(timeLimit) else { throw ValidationError("--time-limit: 1 to 3600") }
    guard (1...10_000).contains(fanout) else { throw ValidationError("--fanout: 1 to 10000") }
  }

  /// Who logs in, and where.
  func prepare() throws -> (login: IPMILogin, addresses: [BMCAddress]) {
    let (login, port) = try login.read()
    let hosts = try HostRange.expand(address) { try? String(contentsOfFile: $0, encoding: .utf8) }
    return (login, try hosts.map { try BMCAddress($0, defaultPort: port) })
  }

  /// Asks all of them, prints each answer as it comes; fails when one failed.
  func perform(_ request: PowerRequest) async throws {
    let (login, addresses) = try prepare()
    let loop = try DatagramLoop(name: "fino-ipmi")
    defer { loop.shutdown() }
    let client = IPMIClient(loop: loop, login: login)
    let drivers = addresses.map { IPMIDriver($0, client: client) }
    let line = ProgressLine()
    let summary = await Fleet(drivers, fanout: fanout).perform(
      request, limit: .seconds(timeLimit)
    ) { result, summary in
      line.hide()
      report(result)
      if summary.answered + summary.failed < summary.total { line.show(summary.progress) }
    }
    if !output.json, summary.total > 1 { print(summary.sentence) }
    if summary.failed > 0 { throw ExitCode(1) }
  }

  private struct Failure: Encodable {
    var target: String
    var error: String
  }

  private func report(_ result: Result<PowerOutcome, PowerError>) {
    switch result {
    case .success(let outcome):
      if output.json { try? JSONLine.print(outcome) } else { print(outcome.text) }
      for warning in outcome.warnings { Fino.complain("\(outcome.target): \(warning)") }
    case .failure(let error):
      if output.json {
        try? JSONLine.print(Failure(target: error.target, error: error.description))
      } else {
        Fino.complain("\(error)")
      }
    }
  }
}

struct Power: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask or switch the power of machines over IPMI.",
    discussion: """
      status | on | off | cycle | reset | soft | diag. A machine that is off is switched on by cycle
      and reset; diag sends a non-maskable interrupt. With --json, one JSON object a line.
      """)

  enum Verb: String, ExpressibleByArgument, CaseIterable {
    case status, on, off, cycle, reset, soft, diag
  }

  @Argument(help: "status, on, off, cycle, reset, soft or diag.")
  var verb: Verb

  @OptionGroup var bmc: BMCOptions

  func run() async throws {
    if verb == .diag {
      return try await bmc.ask { session async throws(IPMIError) in
        try await session.diagnosticInterrupt()
      }
    }
    let action = PowerAction(rawValue: verb.rawValue)
    try await bmc.perform(action.map { .power($0) } ?? .status)
  }
}

struct BootDevice: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bootdev", abstract: "Say over IPMI what machines boot next.",
    discussion:
      "pxe | disk | cdrom | bios | none. Read back after the write. With --json, one JSON object a line."
  )

  enum Device: String, ExpressibleByArgument, CaseIterable {
    case pxe, disk, cdrom, bios, none

    var device: IPMI.BootDevice {
      switch self {
      case .pxe: .pxe
      case .disk: .disk
      case .cdrom: .cdrom
      case .bios: .setup
      case .none: .none
      }
    }
  }

  @Argument(help: "pxe, disk, cdrom, bios or none.")
  var device: Device

  @Flag(help: "Boot in UEFI mode.")
  var efi = false

  @Flag(help: "For all boots, not only the next one.")
  var persistent = false

  @OptionGroup var bmc: BMCOptions

  func run() async throws {
    try await bmc.perform(.bootDevice(device.device, efi: efi, persistent: persistent))
  }
}
