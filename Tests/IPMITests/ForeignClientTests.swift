/// IPMITests: ipmitool and FreeIPMI's ipmipower take the stub for a BMC: so it is a fair one.

import BMCStub
import Datagram
import Foundation
import IPMI
import Testing
import Wire

@Suite(.serialized) struct ForeignClientTests {
  static let ipmitool = "/usr/bin/ipmitool"
  static let ipmipower = "/usr/sbin/ipmipower"

  static func isInstalled(_ program: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: program)
  }

  private func server(
    legacy: LegacyAuthentication? = nil, _ work: (StubBMCServer) async throws -> Void
  ) async throws {
    let loop = try DatagramLoop(name: "ipmi-foreign")
    defer { loop.shutdown() }
    var personality = StubBMC.Personality()
    personality.suites = CipherSuite.all
    if let legacy {
      personality.legacy = [legacy]
      personality.password = "16-byte-password"
    }
    let server = try StubBMCServer(on: loop, StubBMC(personality))
    try await work(server)
    server.close()
  }

  /// What the program printed.
  private func run(_ program: String, _ arguments: [String]) async throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }

  private func tool(
    _ server: StubBMCServer, _ interface: [String], _ command: String...
  ) async throws -> String {
    try await run(
      Self.ipmitool,
      interface + [
        "-H", "\(server.endpoint.address)", "-p", "\(server.endpoint.port)", "-U", "admin", "-P",
        server.bmc.personality.password,
      ] + command)
  }

  /// It aborts by itself with suites 11 and 12.
  @Test(
    .enabled(if: isInstalled(ipmitool), "ipmitool is not installed"),
    arguments: [0, 1, 2, 3, 6, 7, 8, 15, 16, 17])
  func ipmitoolSwitchesWithEverySuite(_ suite: UInt8) async throws {
    try await server { server in
      let output = try await tool(
        server, ["-I", "lanplus", "-C", "\(suite)"], "chassis", "power", "off")
      #expect(output.contains("Chassis Power Control: Down/Off"))
      #expect(server.bmc.actions == [.powerDown])
      let status = try await tool(
        server, ["-I", "lanplus", "-C", "\(suite)"], "chassis", "power", "status")
      #expect(status.contains("Chassis Power is off"))
    }
  }

  @Test(
    .enabled(if: isInstalled(ipmitool), "ipmitool is not installed"),
    arguments: [LegacyAuthentication.md5, .password, .none])
  func ipmitoolSpeaksVersion15(_ way: LegacyAuthentication) async throws {
    try await server(legacy: way) { server in
      let name = "\(way)".uppercased()
      let output = try await tool(
        server, ["-I", "lan", "-A", name], "chassis", "power", "off")
      #expect(output.contains("Chassis Power Control: Down/Off"))
      #expect(server.bmc.actions == [.powerDown])
    }
  }

  @Test(.enabled(if: isInstalled(ipmitool), "ipmitool is not installed"))
  func ipmitoolReadsTheListOfSuites() async throws {
    try await server { server in
      let output = try await tool(
        server, ["-I", "lanplus", "-C", "17"], "channel", "getciphers", "ipmi")
      let numbers = output.split(separator: "\n").compactMap { line in
        line.split(separator: " ").first.flatMap { UInt8($0) }
      }
      #expect(numbers == CipherSuite.all.map(\.id))
    }
  }

  @Test(
    .enabled(if: isInstalled(ipmipower), "ipmipower is not installed"),
    arguments: [0, 1, 2, 3, 6, 7, 8, 11, 12, 15, 16, 17])
  func ipmipowerSwitchesWithEverySuite(_ suite: UInt8) async throws {
    try await server { server in
      let output = try await run(
        Self.ipmipower,
        [
          "-D", "LAN_2_0", "-h", "\(server.endpoint)", "-u", "admin", "-p",
          server.bmc.personality.password, "-I", "\(suite)", "-l", "OPERATOR", "--off",
        ])
      #expect(output.contains(": ok"), "\(output)")
      #expect(server.bmc.actions == [.powerDown])
    }
  }

  @Test(
    .enabled(if: isInstalled(ipmipower), "ipmipower is not installed"),
    arguments: [LegacyAuthentication.md2, .md5, .password, .none])
  func ipmipowerSpeaksVersion15(_ way: LegacyAuthentication) async throws {
    try await server(legacy: way) { server in
      let names: [LegacyAuthentication: String] = [.password: "STRAIGHT_PASSWORD_KEY"]
      let output = try await run(
        Self.ipmipower,
        [
          "-D", "LAN", "-h", "\(server.endpoint)", "-u", "admin", "-p", "16-byte-password", "-a",
          names[way] ?? "\(way)".uppercased(), "-l", "OPERATOR", "--off",
        ])
      #expect(output.contains(": ok"), "\(output)")
      #expect(server.bmc.actions == [.powerDown])
    }
  }
}
