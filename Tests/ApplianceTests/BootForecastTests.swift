/// Tests of Appliance: what machines would be told, of a configuration and a state that nobody runs.

import BootDoctor
import DHCPProxy
import Fixtures
import Foundation
import Inventory
import PacketCapture
import Testing
import Wire

@testable import Appliance

@Suite struct BootForecastTests {
  private let mac = MACAddress(value: 0x5254_00aa_0002)

  private func client(_ mac: MACAddress) -> BootClient {
    BootClient(
      mac: mac, uuid: nil, architecture: .uefiX64, program: .pxe, xid: 1, address: .any)
  }

  private let arrival = Arrival(
    interface: "eth0", local: IPv4Address(10, 0, 0, 2), port: .dhcp,
    source: Endpoint(IPAddress.any, 68))

  /// An empty folder for the state.
  private func withState(_ body: (String) async throws -> Void) async throws {
    let state = FileManager.default.temporaryDirectory.appending(path: "forecast-\(UUID())").path
    try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: state) }
    try await body(state)
  }

  private func settings(_ state: String, _ more: [String: [String]] = [:]) throws -> Settings {
    try SettingsReader(commandLine: more.merging(["state": [state]]) { $1 }, environment: [:])
      .read(text: "", name: "empty")
  }

  @Test func theConfigurationDecides() async throws {
    try await withState { state in
      let standard = try BootForecast(try settings(state))
      #expect(standard.plan(client(mac), arrival) == .loader(file: "snponly.efi"))
      await standard.close()
      let other = try BootForecast(
        try settings(
          state,
          [
            "loaders": ["mac 52:54:00:aa:00:02=other.efi"], "dhcp.deny": ["arch bios"],
            "interfaces": ["lan7"],
          ]))
      #expect(other.plan(client(mac), arrival) == .loader(file: "other.efi"))
      #expect(other.interface == "lan7")
      var options = Replay.Options()
      (options.plan, options.rules) = (other.plan, other.rules)
      var reader = CaptureReader(bytes: try Fixtures.bytes("captures/fino-bios.pcap"))
      let replay = try Replay(&reader, options)
      await other.close()
      #expect(
        replay.steps.flatMap(\.differences).contains(
          "answered then, silent today: the rule «deny arch bios» refuses it"))
    }
  }

  @Test func theStateDecidesAndStaysAsItIs() async throws {
    try await withState { state in
      let inventory = try Inventory.open(state: state)
      _ = try await inventory.jobs.createJob(
        ReimageRequest(mac: mac, obm: "10.0.1.1", location: "debian", kernelOptions: ""), at: Date()
      )
      // In use, as a crash would leave it behind, and at rest.
      let crashed = state + ".crashed"
      defer { try? FileManager.default.removeItem(atPath: crashed) }
      try FileManager.default.copyItem(atPath: state, toPath: crashed)
      try await expectTheJob(state)
      await inventory.close()
      for state in [crashed, state] {
        let before = try contents(state)
        try await expectTheJob(state)
        #expect(try contents(state) == before)
      }
    }
  }

  /// The machine with a job is answered, and no other.
  private func expectTheJob(_ state: String) async throws {
    let forecast = try BootForecast(try settings(state, ["unknown": ["silent"]]))
    let known = forecast.plan(client(mac), arrival)
    let stranger = forecast.plan(client(MACAddress(value: 0x5254_00aa_0003)), arrival)
    await forecast.close()
    #expect(known == .loader(file: "snponly.efi"))
    guard case .silence = stranger else {
      Issue.record("a machine without a job is told \(stranger)")
      return
    }
  }

  /// Files and what is in them; the index of the log (-shm) is memory that readers share.
  private func contents(_ state: String) throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: state) {
      contents[name] =
        name.hasSuffix("-shm") ? Data() : try Data(contentsOf: URL(filePath: "\(state)/\(name)"))
    }
    return contents
  }
}
