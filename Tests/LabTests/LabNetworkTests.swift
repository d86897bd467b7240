/// LabTests: the shapes that a laboratory's network can have, without firmware and appliance.

import PacketCapture
import Testing

@testable import Lab

@Suite struct LabNetworkTests {
  @Test(arguments: LocalDHCPServer.Kind.allCases)
  func aServerOnTheAppliancesHostHandsOutLeases(_ kind: LocalDHCPServer.Kind) async throws {
    let lab = try await Laboratory.start(LabLayout(hasDHCPServer: false))
    defer { lab.stop() }
    let server = try await lab.startServer(kind)
    #expect(try await lab.renewsALease(on: .bmc))
    await server.stop()
    #expect(!server.process.isRunning)
  }

  @Test func theFarSegmentHasARouterAndARelay() async throws {
    let lab = try await Laboratory.start(LabLayout(hasRelay: true))
    defer { lab.stop() }
    let ping = try await lab.run(
      ["busybox", "ping", "-c", "1", "-w", "5", "-I", "10.78.0.1", "10.77.0.2"], on: .relay)
    #expect(ping.exit == .status(0), "\(ping.output)")
  }

  @Test(arguments: [LabSegment.far, .vlan10, .trunk])
  func aNetworkHasNoSegmentsBesideThoseOfItsLayout(_ segment: LabSegment) async throws {
    let lab = try await Laboratory.start()
    defer { lab.stop() }
    #expect(throws: LabError.self) { try lab.addTap("tap-x", on: segment) }
    await #expect(throws: LabError.self) {
      _ = try await lab.startTrunkHost(binary: "/bin/true", password: "x", location: "x")
    }
  }

  @Test func whatHasNoTagOnTheTrunkBelongsToTheNearSegment() async throws {
    let lab = try await Laboratory.start(LabLayout(hasTrunk: true))
    defer { lab.stop() }
    #expect(!lab.layout.hosts.contains(.fino))
    let trunk = try await lab.capture(to: "\(lab.directory)/1.pcap", filter: "arp", on: .trunk)
    let access = try await lab.capture(to: "\(lab.directory)/2.pcap", filter: "arp", on: .vlan10)
    _ = try await lab.run(["busybox", "arping", "-c", "3", "-I", "eth0", "10.77.0.77"], on: .dhcp)
    await trunk.stop()
    await access.stop()
    let heard = try CaptureFile(parsing: try LabFile.read(trunk.file)).records
    #expect(heard.contains { $0.bytes[12..<14] == [8, 6] })
    #expect(try CaptureFile(parsing: try LabFile.read(access.file)).records.isEmpty)
  }

  @Test func theAppliancesHostHasAnIPv6AddressWhereThereAreSome() async throws {
    try #require(LabNetwork.hasIPv6)
    let lab = try await Laboratory.start(LabLayout(ipv6: .addresses))
    defer { lab.stop() }
    let ping = try await lab.run(
      ["busybox", "ping", "-6", "-c", "1", "-w", "5", LabHost.applianceIPv6], on: .dhcp)
    #expect(ping.exit == .status(0), "\(ping.output)")
  }
}
