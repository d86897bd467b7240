/// fino: `bmc`: what BMCs tell about themselves, and their small services.

import ArgumentParser
import IPMI

struct BMC: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bmc", abstract: "Ask BMCs over IPMI: sensors, event log, inventory, and so on.",
    discussion: "All of them take many hosts, like `fino power`. With --json, one object a line.",
    subcommands: [
      BMCInfo.self, BMCChassis.self, BMCIdentify.self, BMCPolicy.self, BMCBoot.self,
      BMCEventLog.self, BMCSensors.self, BMCInventory.self, BMCPowerReading.self, BMCLAN.self,
      BMCUsers.self, BMCRaw.self,
    ])
}

struct BMCInfo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Which BMC this is (ipmitool mc info).")

  @OptionGroup var bmc: BMCOptions

  func run() async throws {
    try await bmc.ask { session async throws(IPMIError) in try await session.deviceReport() }
  }
}

struct BMCChassis: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chassis",
    abstract: "The state of the chassis and why the machine started (ipmitool chassis status).")

  @OptionGroup var bmc: BMCOptions

  func run() async throws {
    try await bmc.ask { session async throws(IPMIError) in try await session.chassisReport() }
  }
}

struct BMCIdentify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identify", abstract: "Switch the light on that shows which machine is meant.")

  @Option(help: "For so many seconds; 0 switches it off.")
  var seconds: UInt8 = 15

  @Flag(help: "Until somebody switches it off.")
  var force = false

  @OptionGroup var bmc: BMCOptions

  func run() async throws {
    let duration = force ? nil : seconds
    try await bmc.ask { session async throws(IPMIError) in
      try await session.identify(seconds: duration)
    }
  }
}

extension PowerRestorePolicy: ExpressibleByArgument {
  public init?(argument: String) {
    guard let policy = Self.allCases.first(where: { $0.name == argument }) else { return nil }
    self = policy
  }

  public static var allValueStrings: [String] { allCases.map(\.name) }
}

struct BMCPolicy: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy", abstract: "What machines do when the mains come back.")

  @Option(help: "always-off, previous or always-on.")
  var set: PowerRestorePolicy?

  @OptionGroup var bmc: BMCOptions

  func run() async throws {
    let policy = set
    try await bmc.ask { session async throws(IPMIError) in
      try await session.restorePolicy(set: policy)
    }
  }
}

struct BMCBoot: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boot", abstract: "What machines boot next, as their BMCs have it.",
    discussion: "It is set with `fino bootdev`.")

  @OptionGroup var bmc: BMCOptions

  func run() async throws {
    try await bmc.ask { session async throws(IPMIError) in try await session.bootReport() }
  }
}

struct BMCPowerReading: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dcmi", abstract: "How many watts machines take (ipmitool dcmi power reading).")

  @OptionGroup var bmc: BMCOptions

  func run() async throws {
    try await bmc.ask { session async throws(IPMIError) in try await session.powerReading() }
  }
}

struct BMCLAN: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lan", abstract: "How BMCs are set up for their network (ipmitool lan print).")

  @Option(help: "The number of the channel. Default: the one that is asked on.")
  var channel: UInt8?

  @OptionGroup var bmc: BMCOptions

  func run() async throws {
    let channel = channel
    try await bmc.ask { session async throws(IPMIError) in
      try await session.lanReport(channel: channel)
    }
  }
}

struct BMCUsers: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "users", abstract: "Who may log in to BMCs (ipmitool user list).")

  @Option(help: "The number of the channel. Default: the one that is asked on.")
  var channel: UInt8?

  @OptionGroup var bmc: BMCOptions

  func run() async throws {
    let channel = channel
    try await bmc.ask { session async throws(IPMIError) in
      try await session.userReport(channel: channel)
    }
  }
}

struct BMCRaw: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "raw", abstract: "Send any command, byte for byte, once.",
    discussion: "Example: fino bmc raw \"0x06 0x01\" 10.0.0.7")

  @Argument(help: "Network function, command and data in quotation marks.")
  var bytes: String

  @OptionGroup var bmc: BMCOptions

  func run() async throws {
    guard let command = RawCommand(bytes) else {
      throw ValidationError(
        "“\(bytes)” is no command: an even network function, a command, and data, as bytes like "
          + "0x06 or 6")
    }
    try await bmc.ask { session async throws(IPMIError) in try await session.raw(command) }
  }
}
