/// LabTests: machines whose firmware boots over IPv6 alone.

import Lab
import PacketCapture
import Testing
import Wire

@Suite(.serialized, .enabled(if: LabLayout.hasIPv6)) struct IPv6BootTests {
  /// An address of somebody else's DHCPv6, the file's URL of the appliance, TFTP over IPv6.
  @Test func pxeForIPv6ReachesTheDisk() async throws {
    let lab = try await FirmwareSite.build(
      .uefi(boot: [.pxe6]), on: LabLayout(ipv6: .addresses))
    defer { lab.laboratory.stop() }
    let events = try await lab.bootToDisk()
    #expect(events.contains("script-disk"), "\(events)")
    #expect(try lab.hasHeard("PXEClient:Arch:00007"))
    try expectFirmwareLeftIPv4Alone(lab)
  }

  /// The same, and HTTP over IPv6 at an address, without a boot server on port 4011.
  @Test func httpBootForIPv6ReachesTheDisk() async throws {
    let lab = try await FirmwareSite.build(
      .uefi(boot: [.http6]), on: LabLayout(ipv6: .addresses))
    defer { lab.laboratory.stop() }
    let events = try await lab.bootToDisk()
    #expect(events.contains("script-disk"), "\(events)")
    #expect(try lab.datagrams(to: 69).isEmpty)
    try expectFirmwareLeftIPv4Alone(lab)
  }

  /// A machine that nobody answers goes on to its disk; the firmware does not hang.
  @Test func withoutAnAnswerTheDiskBoots() async throws {
    let lab = try await FirmwareSite.build(
      .uefi(boot: [.pxe6, .http6]), on: LabLayout(ipv6: .addresses),
      environment: ["FINO_UNKNOWN": "silent"])
    defer { lab.laboratory.stop() }
    try await lab.bootToDisk()
    for vendorClass in ["PXEClient:Arch:00007", "HTTPClient:Arch:00016"] {
      #expect(try lab.hasHeard(vendorClass))
    }
    #expect(try lab.datagrams(to: 67).isEmpty)
  }

  /// iPXE asks over IPv4 later, with another UNDI version in its vendor class.
  private func expectFirmwareLeftIPv4Alone(_ lab: FirmwareSite) throws {
    let discovers = try lab.datagrams(to: 67)
    let text = Array("UNDI:003000".utf8)
    for frame in discovers {
      #expect(!frame.payload.indices.contains { frame.payload[$0...].starts(with: text) })
    }
  }
}
