/// LabTests: a laboratory of its own for one machine of some firmware, and an appliance that serves.

import Foundation
import Lab
import PacketCapture
import Testing
import Wire

struct FirmwareSite: Sendable {
  let site: RehearsalLab.Site
  let machine: VirtualMachine

  var laboratory: Laboratory { site.laboratory }
  var appliance: LabAppliance { site.appliance }

  /// The machine is off. `prepare` runs before the appliance starts.
  static func build(
    _ firmware: MachineSpecification.Firmware, on layout: LabLayout = LabLayout(),
    segment: LabSegment = .near, memoryMiB: Int = 768, environment: [String: String] = [:],
    prepare: (Laboratory, LabAppliance) async throws -> Void = { _, _ in }
  ) async throws -> FirmwareSite {
    let laboratory = try await Laboratory.start(layout)
    do {
      let capture = try await laboratory.capture(
        to: "\(laboratory.directory)/all.pcap", on: segment)
      let machine = try await laboratory.makeMachine(
        MachineSpecification(
          name: "m1", firmware: firmware, mac: MACAddress(value: 0x5254_00aa_0011),
          uuid: try #require(SystemUUID("00112233-4455-6677-8899-aabbccddee11")),
          memoryMiB: memoryMiB, segment: segment))
      let appliance = try LabAppliance(
        laboratory, binary: RehearsalLab.binary, password: machine.bmc?.password ?? "")
      try await prepare(laboratory, appliance)
      try await appliance.start(environment: environment)
      return FirmwareSite(
        site: RehearsalLab.Site(
          laboratory: laboratory, appliance: appliance, bios: machine, uefi: machine,
          capture: capture),
        machine: machine)
    } catch {
      laboratory.stop()
      throw error
    }
  }

  /// Switches the machine on and waits until it is on its disk; answers the kinds of the boot's
  /// events.
  @discardableResult
  func bootToDisk() async throws -> [String] {
    let start = machine.console.end
    try await machine.powerOn()
    try await reachDisk(after: start)
    return try await site.boots(of: machine).last ?? []
  }

  func reachDisk(after start: Int) async throws {
    _ = try await machine.console.waitForLine(
      containing: BootDisk.greeting, after: start,
      timeout: machine.specification.firmware.openFirmware?.bootTime ?? .seconds(150))
  }

  /// All UDP of the machine's segment over IPv4 so far.
  func datagrams() throws -> [UDPFrame] {
    try capturedRecords().compactMap { try? UDPFrame(parsing: $0) }
  }

  func datagrams(to port: UInt16) throws -> [UDPFrame] {
    try datagrams().filter { $0.destination.port == port }
  }

  /// Whether somebody said this on the machine's segment: a vendor class over IPv4 or IPv6.
  func hasHeard(_ vendorClass: String) throws -> Bool {
    let text = Array(vendorClass.utf8)
    return try capturedRecords().contains { record in
      record.indices.contains { record[$0...].starts(with: text) }
    }
  }

  private func capturedRecords() throws -> [[UInt8]] {
    try CaptureFile(parsing: [UInt8](try Data(contentsOf: URL(filePath: site.capture.file))))
      .records.map { Array($0.bytes) }
  }
}
