/// LabTests: the shapes that a laboratory's network can have, without firmware and appliance.

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

  @Test func aNetworkWithoutARelayHasNoFarSegment() async throws {
    let lab = try await Laboratory.start()
    defer { lab.stop() }
    #expect(throws: LabError.self) {
      try LabNetwork(name: lab.name, layout: lab.layout).addTap("tap-x", on: .far)
    }
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
