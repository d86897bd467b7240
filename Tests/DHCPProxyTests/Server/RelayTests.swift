/// Tests of DHCPProxy: behind ISC's relay agent.

import DHCPProxy
import Datagram
import NetworkLab
import Testing
import Wire

/// Needs root: network namespaces.
@Suite(
  .serialized,
  .enabled(
    if: NetworkNamespace.obstacle == nil, "\(NetworkNamespace.obstacle ?? "namespaces")"),
  .enabled(if: NetworkNamespace.has("dhcrelay"), "isc-dhcp-relay is not installed"))
struct RelayTests {
  /// Client 10.88.0.0/24 -- relay -- 10.77.0.0/24 host; with and without a DHCP server on the host.
  @Test(arguments: [nil] + PortSharingTests.installed.map(Optional.some))
  func answersGoBackThroughTheRelay(_ program: DHCPServerProgram?) async throws {
    let (host, relay) = try ProxySite.cable()
    let clientHost = try NetworkNamespace("client")
    try relay.ip("address", "add", "10.77.0.1/24", "dev", "eth0")
    try relay.connect("eth1", to: clientHost, "eth0")
    try relay.ip("address", "add", "10.88.0.1/24", "dev", "eth1")
    try relay.run("sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
    try host.ip("route", "add", "10.88.0.0/24", "via", "10.77.0.1")
    try clientHost.ip("link", "set", "eth0", "address", TestClient.hardware.description)
    // -a appends option 82 and takes it off the answers; -D would drop those without a known one.
    let agent = try relay.start(
      "dhcrelay", "-4", "-d", "-a", "-D", "-id", "eth1", "-iu", "eth0", "10.77.0.2")
    try await agent.wrote("Sending on   Socket/fallback")
    let site = try await ProxySite(["eth0"], in: host)
    let server = try await program?.start(in: host, relayed: "10.88.0")

    let loop = try await clientHost.loop()
    let client = try await ProxySite.client(in: clientHost, on: loop)
    for flags: UInt16 in [0x8000, 0] {
      client.send(BootQuestion.bytes(xid: 0x5000 + UInt32(flags), flags: flags))
      let offers = try await client.receive(program == nil ? 1 : 2).compactMap(HeardAnswer.init)
      let ours = offers.first { $0.isOurs }
      #expect(ours?.server == IPv4Address(10, 77, 0, 2), "\(agent.output)")
      #expect(ours?.message.options.first(.relayAgentInformation) == nil)
      #expect(offers.contains { !$0.isOurs } == (program != nil), "\(server?.output ?? "")")
    }
    let questions = site.all.compactMap { event -> DHCPMessage? in
      guard case .answered(let question, _, _, _, _) = event else { return nil }
      return question
    }
    #expect(questions.count == 2)
    for question in questions {
      #expect(question.giaddr == IPv4Address(10, 88, 0, 1))
      #expect(question.options.first(.relayAgentInformation) != nil)
    }
    await site.stop()
    loop.shutdown()
    withExtendedLifetime((agent, server)) {}
  }
}
