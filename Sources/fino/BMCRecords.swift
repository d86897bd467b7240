/// fino: `bmc sel`, `bmc sensors`, `bmc fru`: what BMCs have written down.

import ArgumentParser
import IPMI

struct BMCEventLog: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sel", abstract: "The event log (ipmitool sel).",
    subcommands: [List.self, Info.self, Clear.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the events.")

    @OptionGroup var bmc: BMCOptions

    func run() async throws {
      try await bmc.ask { session async throws(IPMIError) in try await session.eventLog() }
    }
  }

  struct Info: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "How full it is.")

    @OptionGroup var bmc: BMCOptions

    func run() async throws {
      try await bmc.ask { session async throws(IPMIError) in try await session.eventLogInfo() }
    }
  }

  struct Clear: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Empty it.")

    @OptionGroup var bmc: BMCOptions

    func run() async throws {
      try await bmc.ask { session async throws(IPMIError) in try await session.clearEventLog() }
    }
  }
}

struct BMCSensors: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sensors", abstract: "What the sensors show (ipmitool sensor).",
    discussion: """
      Columns: name, reading, state, then the thresholds: lower non-recoverable, critical,
      non-critical, upper non-critical, critical, non-recoverable.
      """)

  @OptionGroup var bmc: BMCOptions

  func run() async throws {
    try await bmc.ask { session async throws(IPMIError) in try await session.sensorReport() }
  }
}

struct BMCInventory: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fru", abstract: "What is built in: boards, serial numbers (ipmitool fru).")

  @Option(name: .customLong("id"), help: "Only this inventory. Default: all that are listed.")
  var device: UInt8?

  @OptionGroup var bmc: BMCOptions

  func run() async throws {
    let device = device
    try await bmc.ask { session async throws(IPMIError) in
      try await session.inventoryReport(device: device)
    }
  }
}
