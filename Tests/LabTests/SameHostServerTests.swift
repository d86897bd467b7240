/// LabTests: the appliance beside a DHCP server on its own host, whichever of the two came first.

import Lab
import Testing
import Wire

/// BIOS machines, as theirs is the quickest boot.
@Suite(.serialized) struct SameHostServerTests {
  @Test(arguments: LocalDHCPServer.Kind.allCases)
  func aServerThatCameFirst(_ kind: LocalDHCPServer.Kind) async throws {
    let lab = try await FirmwareSite.build(
      .bios(), on: LabLayout(hasDHCPServer: false), memoryMiB: 256
    ) { laboratory, _ in
      _ = try await laboratory.startServer(kind)
    }
    defer { lab.laboratory.stop() }
    try await expectBothServe(lab)
  }

  @Test(arguments: LocalDHCPServer.Kind.allCases)
  func aServerThatCameAfterTheAppliance(_ kind: LocalDHCPServer.Kind) async throws {
    let lab = try await FirmwareSite.build(
      .bios(), on: LabLayout(hasDHCPServer: false), memoryMiB: 256)
    defer { lab.laboratory.stop() }
    _ = try await lab.laboratory.startServer(kind)
    try await expectBothServe(lab)
  }

  /// The machine gets a lease from the one and its script from the other, and a lease can be renewed:
  /// what is sent to the host itself reaches the server.
  private func expectBothServe(_ lab: FirmwareSite) async throws {
    let events = try await lab.bootToDisk()
    for kind in ["dhcp-offer", "script-disk"] {
      #expect(events.contains(kind), "no \(kind) in \(events)")
    }
    #expect(try await lab.laboratory.renewsALease(on: .bmc))
  }
}
