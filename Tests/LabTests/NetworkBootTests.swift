/// LabTests: the appliance in networks of other shapes: behind a relay.

import Lab
import PacketCapture
import Testing
import Wire

/// BIOS machines, as theirs is the quickest boot; what firmware does in it is the other suites'
/// business.
@Suite(.serialized) struct NetworkBootTests {
  @Test func aMachineBehindARelayReachesItsDisk() async throws {
    let lab = try await FirmwareSite.build(
      .bios(), on: LabLayout(hasRelay: true), segment: .far, memoryMiB: 256)
    defer { lab.laboratory.stop() }
    let events = try await lab.bootToDisk()
    for kind in ["dhcp-offer", "script-disk"] {
      #expect(events.contains(kind), "no \(kind) in \(events)")
    }
    let lease = try #require(
      lab.laboratory.dhcp.leases.first { $0.mac == lab.machine.specification.mac })
    #expect(
      (LabHost.farClients.first.value...LabHost.farClients.last.value).contains(
        lease.address.value))
    // Everything that DHCP sends in the far segment comes from the relay.
    #expect(
      try lab.datagrams(to: 68).allSatisfy { $0.source.address.v4 == LabHost.relayFar })
  }
}
