/// Tests of DHCPProxy: the service's sockets, on cables of their own.

import DHCPProxy
import Datagram
import NetworkLab
import Testing
import Wire

/// Needs root: network namespaces.
@Suite(
  .serialized,
  .enabled(
    if: NetworkNamespace.obstacle == nil, "\(NetworkNamespace.obstacle ?? "namespaces")"))
struct ProxyDHCPServiceTests {
  private func ask(
    _ client: TestClient, _ question: [UInt8], expecting count: Int = 1
  ) async throws -> [HeardAnswer] {
    client.send(question)
    let patience = Duration.milliseconds(count == 0 ? 300 : 5000)
    return try await client.receive(max(count, 1), within: patience).compactMap(HeardAnswer.init)
  }

  @Test func framesOfAVLANWithoutAnInterfaceAreNotForUs() async throws {
    let (host, clientHost) = try ProxySite.cable()
    let site = try await ProxySite(["eth0"], in: host)
    let loop = try await clientHost.loop()
    let eth0 = try await clientHost.interface("eth0", on: loop)
    let tagged = try await TaggedFrames(eth0, vlan: 20, on: loop)
    let client = try await ProxySite.client(in: clientHost, on: loop)
    tagged.send(BootQuestion.bytes(xid: 20))
    // Order on a cable is kept: whatever was to come of the first came before this.
    #expect(try await ask(client, BootQuestion.bytes(xid: 1)).map(\.message.xid) == [1])
    #expect(site.all.count { if case .answered = $0 { true } else { false } } == 1)
    // A priority tag (VLAN 0) is no VLAN (IEEE 802.1Q).
    let prioritised = try await TaggedFrames(eth0, vlan: 0, on: loop)
    prioritised.send(BootQuestion.bytes(xid: 2))
    #expect(
      try await client.receive(1).compactMap(HeardAnswer.init).map(\.message.xid) == [2])
    await site.stop()
    loop.shutdown()
  }

  @Test(arguments: [PortSharing.capture, .bind])
  func theAddressIsOneThatTheClientCanReach(_ sharing: PortSharing) async throws {
    let (host, clientHost) = try ProxySite.cable()
    try host.ip("address", "add", "10.78.0.2/24", "dev", "eth0", "label", "eth0:1")
    try host.ip("address", "add", "10.79.0.2/24", "dev", "eth0")
    let loop = try await clientHost.loop()
    let client = try await ProxySite.client(in: clientHost, on: loop)
    let site = try await ProxySite(["eth0"], in: host, sharing: sharing)

    let requested = DHCPOption(.requestedAddress, [10, 78, 0, 50])
    #expect(
      try await ask(client, BootQuestion.bytes()).map(\.server) == [IPv4Address(10, 77, 0, 2)])
    #expect(
      try await ask(client, BootQuestion.bytes(.discover, [requested])).map(\.server)
        == [IPv4Address(10, 78, 0, 2)])
    // Somebody takes a lease of another network: that is where the DHCP server gives addresses.
    let taken = [
      DHCPOption(.serverIdentifier, [10, 79, 0, 1]), DHCPOption(.requestedAddress, [10, 79, 0, 9]),
    ]
    #expect(try await ask(client, BootQuestion.bytes(.request, taken), expecting: 0).isEmpty)
    #expect(
      try await ask(client, BootQuestion.bytes()).map(\.server) == [IPv4Address(10, 79, 0, 2)])
    #expect(site.all.contains { if case .leaseRequested = $0 { true } else { false } })
    await site.stop()
    loop.shutdown()
  }

  @Test(.enabled(if: DHCPServerProgram.iscDHCPD.isInstalled, "dhcpd is not installed"))
  func answersOfDHCPServersShowTheNetwork() async throws {
    let (host, clientHost) = try ProxySite.cable()
    try host.ip("address", "add", "10.78.0.2/24", "dev", "eth0")
    let site = try await ProxySite(["eth0"], in: host)
    let loop = try await clientHost.loop()
    let client = try await ProxySite.client(in: clientHost, on: loop)
    // A server elsewhere on the cable offers something to another machine.
    client.send(
      BootQuestion.offer(of: IPv4Address(10, 78, 0, 99)),
      from: Endpoint(IPv4Address(10, 78, 0, 1), 67), to: Endpoint(IPv4Address.broadcast, 68))
    #expect(try await isAnswered(client, from: IPv4Address(10, 78, 0, 2)))
    // A server on this host: its offers leave through the same interface.
    let server = try await DHCPServerProgram.iscDHCPD.start(in: host)
    #expect(try await isAnswered(client, from: IPv4Address(10, 77, 0, 2)), "\(server.output)")
    await site.stop()
    loop.shutdown()
    withExtendedLifetime(server) {}
  }

  /// Asks until it is; what was seen from the side counts from the next question on.
  private func isAnswered(_ client: TestClient, from address: IPv4Address) async throws -> Bool {
    for xid in UInt32(1)...50 {
      client.send(BootQuestion.bytes(xid: xid))
      let answers = try await client.receive(2, within: .milliseconds(100))
      let ours = answers.compactMap(HeardAnswer.init).first { $0.isOurs }
      if ours?.server == address { return true }
    }
    return false
  }

  @Test(arguments: [PortSharing.capture, .bind])
  func unicastsAreAnsweredFromTheAddressThatWasAsked(_ sharing: PortSharing) async throws {
    let (host, clientHost) = try ProxySite.cable()
    try host.ip("address", "add", "10.78.0.2/24", "dev", "eth0")
    try clientHost.ip("address", "add", "10.77.0.9/24", "dev", "eth0")
    try clientHost.ip("route", "add", "10.78.0.0/24", "dev", "eth0")
    let site = try await ProxySite(["eth0"], in: host, sharing: sharing)
    let loop = try await clientHost.loop()
    let client = try await ProxySite.client(in: clientHost, on: loop)
    let own = IPv4Address(10, 77, 0, 9)
    let hardware = try await hardware(of: host)
    let bootServer = DHCPOption(.vendorSpecific, [71, 4, 0, 0, 0, 0, 255])

    for asked in [IPv4Address(10, 77, 0, 2), IPv4Address(10, 78, 0, 2)] {
      for port: UInt16 in [67, 4011] {
        for type in [MessageType.request, .inform] {
          client.send(
            BootQuestion.bytes(type, flags: 0, ciaddr: own, [bootServer]),
            from: Endpoint(own, 68), to: Endpoint(asked, port), hardware: hardware)
          let answers = try await client.receive(1).compactMap(HeardAnswer.init)
          #expect(answers.count == 1, "\(type) to \(asked) port \(port)")
          #expect(answers.first?.message.type == .ack)
          #expect(answers.first?.source == Endpoint(asked, port))
          #expect(answers.first?.destination == .v4(own))
          #expect(answers.first?.server == asked)
        }
      }
    }
    // What only passes through this host is somebody else's.
    if sharing == .capture {
      client.send(
        BootQuestion.bytes(.inform, ciaddr: own, [bootServer]), from: Endpoint(own, 68),
        to: Endpoint(IPv4Address(10, 99, 0, 1), 67), hardware: hardware)
      #expect(try await client.receive(1, within: .milliseconds(300)).isEmpty)
    }
    await site.stop()
    loop.shutdown()
  }

  @Test func answersWaitForNobodysHardwareAddress() async throws {
    let (host, clientHost) = try ProxySite.cable()
    let site = try await ProxySite(["eth0"], in: host)
    let loop = try await clientHost.loop()
    let client = try await ProxySite.client(in: clientHost, on: loop)
    let asked = IPv4Address(10, 77, 0, 2)
    let hardware = try await hardware(of: host)
    let bootServer = DHCPOption(.vendorSpecific, [71, 4, 0, 0, 0, 0, 255])
    // Nobody has these addresses; each would wait for three seconds in the kernel's neighbour table.
    for port: UInt16 in [4011, 67] {
      for number in UInt8(10)..<250 {
        let invented = IPv4Address(10, 77, 0, number)
        client.send(
          BootQuestion.bytes(
            .request, xid: UInt32(number), flags: 0, ciaddr: invented, [bootServer]),
          from: Endpoint(invented, 68), to: Endpoint(asked, port), hardware: hardware)
      }
      let answers = try await client.receive(240).compactMap(HeardAnswer.init)
      #expect(answers.count == 240, "port \(port)")
      #expect(Set(answers.map(\.destination)).count == 240)
      #expect(answers.allSatisfy { $0.source == Endpoint(asked, port) })
      // To port 67, which nobody owns here, the kernel says "port unreachable" as well.
      if port == 4011 {
        let neighbours = try host.run("ip", "-4", "neighbour", "show", "dev", "eth0")
        #expect(neighbours.trimmingCharacters == "")
      }
    }
    await site.stop()
    loop.shutdown()
  }

  private func hardware(of host: NetworkNamespace) async throws -> MACAddress {
    let text = try host.run("cat", "/sys/class/net/eth0/address")
    return try #require(MACAddress(text.trimmingCharacters))
  }

  @Test func interfacesComeAndGoWithoutDisturbingTheOthers() async throws {
    let (host, clientHost) = try ProxySite.cable()
    let site = try await ProxySite(["eth0"], in: host)
    let watch = try await site.follow()
    try host.connect("eth1", to: clientHost, "eth1")
    try host.ip("address", "add", "10.90.0.2/24", "dev", "eth1")
    #expect(
      try await site.waitFor { $0.contains { $0.isServing("eth1") } }, "\(site.all)")
    let loop = try await clientHost.loop()
    let first = try await ProxySite.client(in: clientHost, on: loop)
    let second = try await ProxySite.client("eth1", in: clientHost, on: loop)
    #expect(
      try await ask(second, BootQuestion.bytes()).map(\.server) == [IPv4Address(10, 90, 0, 2)])
    #expect(
      try await ask(first, BootQuestion.bytes()).map(\.server) == [IPv4Address(10, 77, 0, 2)])

    // A new address is used at once, without anything that opens or closes.
    try host.ip("address", "add", "10.91.0.2/24", "dev", "eth1")
    try host.ip("address", "del", "10.90.0.2/24", "dev", "eth1")
    var server: IPv4Address?
    for _ in 0..<50 where server != IPv4Address(10, 91, 0, 2) {
      server = try await ask(second, BootQuestion.bytes()).first?.server
    }
    #expect(server == IPv4Address(10, 91, 0, 2))

    try host.ip("link", "set", "eth1", "down")
    #expect(try await site.waitFor { $0.contains { $0.isLeaving("eth1") } })
    try host.ip("link", "set", "eth1", "up")
    #expect(try await site.waitFor { $0.count { $0.isServing("eth1") } == 2 })
    #expect(try await ask(second, BootQuestion.bytes()).count == 1)
    try host.ip("link", "delete", "eth1")
    #expect(try await site.waitFor { $0.count { $0.isLeaving("eth1") } == 2 })
    #expect(try await ask(first, BootQuestion.bytes()).count == 1)
    #expect(!site.all.contains { $0.isLeaving("eth0") })
    await site.stop()
    watch.close()
    loop.shutdown()
  }

  @Test func anAnswerThatTheKernelRefusesIsToldOnce() async throws {
    let (host, clientHost) = try ProxySite.cable()
    let site = try await ProxySite(["eth0"], in: host)
    let loop = try await clientHost.loop()
    let client = try await ProxySite.client(in: clientHost, on: loop)
    // A relay to which there is no way.
    for xid in UInt32(1)...3 {
      client.send(BootQuestion.bytes(xid: xid, giaddr: IPv4Address(192, 0, 2, 1)))
    }
    #expect(try await site.waitFor { !$0.isEmpty && $0.contains { $0.isNotSent } })
    #expect(try await ask(client, BootQuestion.bytes()).count == 1)
    #expect(site.all.count { $0.isNotSent } == 1)
    await site.stop()
    loop.shutdown()
  }
}

extension String {
  fileprivate var trimmingCharacters: String { filter { !$0.isWhitespace } }
}

extension ProxyEvent {
  fileprivate func isServing(_ name: String) -> Bool {
    if case .serving(name, .capture) = self { true } else { false }
  }

  fileprivate func isLeaving(_ name: String) -> Bool {
    if case .leaving(name) = self { true } else { false }
  }

  fileprivate var isNotSent: Bool {
    if case .notSent = self { true } else { false }
  }
}
