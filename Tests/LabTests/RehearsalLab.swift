/// LabTests: one laboratory for all tests of this target, with the appliance in it.

import Foundation
import Lab
import Testing
import Wire

/// Built by the first test that needs it, removed when the test process ends.
actor RehearsalLab {
  static let shared = RehearsalLab()

  let biosMAC = MACAddress(value: 0x5254_00aa_0001)
  let uefiMAC = MACAddress(value: 0x5254_00aa_0002)

  struct Site: Sendable {
    let laboratory: Laboratory
    let appliance: LabAppliance
    let bios: VirtualMachine
    let uefi: VirtualMachine
    let capture: TrafficCapture
  }

  private var building: Task<Site, any Error>?

  func site() async throws -> Site {
    if let building { return try await building.value }
    let task = Task { try await build() }
    building = task
    return try await task.value
  }

  /// The executable under test: FINO_BINARY, or the debug build beside this file.
  static var binary: String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return ProcessInfo.processInfo.environment["FINO_BINARY"]
      ?? root.appending(path: ".build/debug/fino").path
  }

  private func build() async throws -> Site {
    try Laboratory.cleanUpStale()
    let laboratory = try await Laboratory.start()
    let capture = try await laboratory.capture(
      to: "\(laboratory.directory)/all.pcap", filter: "udp")
    let bios = try await laboratory.makeMachine(
      MachineSpecification(
        name: "bios", firmware: .bios(), mac: biosMAC,
        uuid: try #require(SystemUUID("00112233-4455-6677-8899-aabbccddee01"))))
    let uefi = try await laboratory.makeMachine(
      MachineSpecification(
        name: "uefi", firmware: .uefi, mac: uefiMAC,
        uuid: try #require(SystemUUID("00112233-4455-6677-8899-aabbccddee02"))))
    let appliance = try LabAppliance(
      laboratory, binary: Self.binary, password: bios.bmc?.password ?? "")
    let installer = InstallerImage(cache: InstallerImage.defaultCache)
    try installer.write(location: "debian", under: appliance.images)
    try installer.write(location: "large", under: appliance.images, paddingMiB: 64)
    try await appliance.start()
    return Site(
      laboratory: laboratory, appliance: appliance, bios: bios, uefi: uefi, capture: capture)
  }
}

/// What the appliance answered to curl on another host of the network.
struct CurlAnswer {
  var status: Int
  var body: String

  var json: [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
  }
}

extension Laboratory {
  /// Asks for it from the DHCP server's host.
  func curl(_ url: String, _ arguments: [String] = []) async throws -> CurlAnswer {
    let (exit, output) = try await run(
      [
        "curl", "-sS", "--max-time", "40", "-H", "Accept: application/json", "-w",
        "\n%{http_code}",
      ] + arguments + [url], on: .dhcp, timeout: .seconds(45))
    try #require(exit == .status(0), "\(output)")
    var lines = output.split(separator: "\n", omittingEmptySubsequences: false)
    let status = Int(lines.popLast() ?? "") ?? 0
    return CurlAnswer(status: status, body: lines.joined(separator: "\n"))
  }

  /// Asks the appliance at `url` for a reimage.
  func reimage(
    _ machine: VirtualMachine, at url: String, location: String, options: String,
    obm: String? = nil
  ) async throws -> CurlAnswer {
    let address = obm ?? machine.bmc?.address.description ?? ""
    return try await curl(
      url + "/reimage",
      [
        "--data-urlencode", "mac_address=\(machine.specification.mac)",
        "--data-urlencode", "obm_address=\(address)", "--data-urlencode", "location=\(location)",
        "--data-urlencode", "kernel_opts=\(options)",
      ])
  }

  /// The kinds of the events of the latest boots of a machine, the earliest boot first, as the
  /// appliance at `url` has them.
  func boots(of machine: VirtualMachine, at url: String) async throws -> [[String]] {
    let answer = try await curl("\(url)/boots?mac=\(machine.specification.mac.plain)&limit=10")
    let boots = answer.json["boots"] as? [[String: Any]] ?? []
    return boots.reversed().map { boot in
      (boot["events"] as? [[String: Any]] ?? []).compactMap { $0["kind"] as? String }
    }
  }
}

extension RehearsalLab.Site {
  func curl(_ path: String, _ arguments: [String] = []) async throws -> CurlAnswer {
    try await laboratory.curl(appliance.url + path, arguments)
  }

  func reimage(
    _ machine: VirtualMachine, location: String = "debian", options: String,
    obm: String? = nil
  ) async throws -> CurlAnswer {
    try await laboratory.reimage(
      machine, at: appliance.url, location: location, options: options, obm: obm)
  }

  /// The kinds of the events of the latest boots of a machine, the earliest boot first.
  func boots(of machine: VirtualMachine) async throws -> [[String]] {
    try await laboratory.boots(of: machine, at: appliance.url)
  }

  func jobStates() async throws -> [Int: String] {
    let answer = try await curl("/jobs?all=1")
    let jobs = answer.json["jobs"] as? [[String: Any]] ?? []
    return Dictionary(
      jobs.compactMap { job in
        guard let id = job["id"] as? Int, let state = job["state"] as? String else { return nil }
        return (id, state)
      }
    ) { $1 }
  }
}
