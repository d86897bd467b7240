/// Tests of DHCPv6Proxy: what is answered to whom.

import Fixtures
import PacketCapture
import Testing
import Wire

@testable import DHCPv6Proxy

@Suite struct ProxyDecisionV6Tests {
  /// The server that the recorded request names.
  private static let recordedServer = DUID([0, 3, 0, 1, 0x52, 0x54, 0, 0xaa, 0, 2])

  private static func decide(
    _ question: RelayedMessage, port: ArrivalV6.ServicePort = .dhcp, from: Endpoint? = nil,
    isMulticast: Bool = true, server: DUID? = recordedServer,
    plan: @escaping BootPlannerV6 = { client, _ in
      switch client.program {
      case .pxe: .loader(file: "snponly.efi")
      case .http: .httpLoader(url: "http://[fd77::2]/loaders/snponly.efi")
      case .ipxe: .script(url: "http://[fd77::2]/pxe/52-54-00-77-00-06")
      }
    }
  ) throws -> ProxyDecisionV6 {
    let source = from ?? Endpoint(IPv6Address.client, 546)
    let arrival = ArrivalV6(
      interface: "eth0", local: .ours, port: port, source: source, isMulticast: isMulticast)
    let client = try BootClientV6(question, from: source.address.v6 ?? .any)
    return ProxyDecisionV6.decide(
      question, client, arrival, server: try #require(server), plan: plan)
  }

  private static func reply(_ decision: ProxyDecisionV6) throws -> ProxyReplyV6 {
    guard case .reply(let reply, _) = decision else {
      Issue.record("no reply: \(decision)")
      throw CancellationError()
    }
    return reply
  }

  private static func bytes(_ reply: ProxyReplyV6) throws -> [UInt8] {
    var writer = ByteWriter()
    try reply.message.encodeReply(into: &writer)
    return writer.bytes
  }

  /// The bytes with which OVMF 2022.11 boots.
  @Test func firmwareIsAdvertisedAFileAndNoAddress() throws {
    let question = try RelayedMessage(parsing: Recorded.pxeSolicit)
    let reply = try Self.reply(Self.decide(question))
    #expect(reply.destination == Endpoint(IPv6Address.client, 546))
    #expect(
      HexDump.plain(try Self.bytes(reply))
        == "0295c31500010012000433221100554477668899aabbccddee060002000a00030001525400aa0002"
        + "003b001c746674703a2f2f5b666437373a3a325d2f736e706f6e6c792e656669"
        + "0010000f000001570009505845436c69656e74")
  }

  @Test func httpBootIsAdvertisedAURL() throws {
    let question = try RelayedMessage(parsing: Recorded.httpSolicit)
    let reply = try Self.reply(Self.decide(question))
    #expect(reply.type == .advertise)
    #expect(reply.url == "http://[fd77::2]/loaders/snponly.efi")
    let options = try reply.message.message.options
    #expect(options.map(\.code.rawValue) == [1, 2, 59, 16])
    #expect(
      options.first(.vendorClass) == [0, 0, 1, 0x57, 0, 10] + Array("HTTPClient".utf8))
  }

  @Test func theBootServerQuestionIsAnsweredWhereItCameFrom() throws {
    let question = try RelayedMessage(parsing: Recorded.bootServerRequest)
    let source = Endpoint(IPv6Address.lease, 4011)
    let decision = try Self.decide(question, port: .bootServer, from: source, isMulticast: false)
    let reply = try Self.reply(decision)
    #expect(reply.type == .reply)
    #expect(reply.destination == source)
    #expect(reply.url == "tftp://[fd77::2]/snponly.efi")
    #expect(try reply.message.message.transaction == 0x95c315)
    // To another server it is silence.
    let other = DUID(server: MACAddress(value: 0x5254_00aa_0002))
    guard case .ignore = try Self.decide(question, port: .bootServer, from: source, server: other)
    else {
      Issue.record("answered for another server")
      return
    }
  }

  @Test func iPXEWithoutADHCPv6ServerGetsItsScript() throws {
    var question = try RelayedMessage(parsing: Recorded.ipxeSolicit)
    guard case .silence = try Self.decide(question) else {
      Issue.record("iPXE drops an ADVERTISE without an address")
      return
    }
    question.message.type = .informationRequest
    question.message.options.removeAll { $0.code == .identityAssociation }
    let reply = try Self.reply(Self.decide(question))
    #expect(reply.type == .reply)
    #expect(reply.url == "http://[fd77::2]/pxe/52-54-00-77-00-06")
  }

  @Test func aRequestToAnotherServerTellsTheAddress() throws {
    var question = try RelayedMessage(parsing: Recorded.pxeSolicit)
    question.message.type = .request
    question.message.options[2].bytes +=
      [0, 5, 0, 24] + IPv6Address.lease.bytes + [UInt8](repeating: 0, count: 8)
    let other = try #require(DUID([0, 1, 0, 1, 9, 9, 9, 9, 2, 0, 0, 0, 0, 1]))
    question.message.options.append(DHCPv6Option(.serverIdentifier, other.bytes))
    #expect(try Self.decide(question) == .leaseRequested(address: .lease, server: other))

    // Who asks us is told that there is none.
    let ours = try #require(Self.recordedServer)
    question.message.options[7].bytes = ours.bytes
    let reply = try Self.reply(Self.decide(question))
    let refusal = try #require(try reply.message.message.options.first(.identityAssociation))
    #expect(
      refusal == [0xff, 0xdc, 0x57, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 13, 0, 2, 0, 2])
    #expect(try IdentityAssociation(parsing: refusal).addresses == [])
  }

  @Test func whatAServerMustDiscardIsDiscarded() throws {
    func isIgnored(
      port: ArrivalV6.ServicePort = .dhcp, isMulticast: Bool = true,
      _ change: (inout DHCPv6Message) -> Void
    ) throws -> Bool {
      var question = try RelayedMessage(parsing: Recorded.pxeSolicit)
      change(&question.message)
      let decision = try Self.decide(question, port: port, isMulticast: isMulticast)
      if case .ignore = decision { return true }
      return false
    }
    let ours = try #require(Self.recordedServer).bytes
    #expect(try isIgnored(isMulticast: false) { _ in })
    #expect(try isIgnored(port: .bootServer) { _ in })
    #expect(try isIgnored { $0.options.append(DHCPv6Option(.serverIdentifier, ours)) })
    // It has an association.
    #expect(try isIgnored { $0.type = .informationRequest })
    #expect(
      try isIgnored {
        $0.type = .informationRequest
        $0.options.removeAll { $0.code == .identityAssociation }
        $0.options.append(DHCPv6Option(.serverIdentifier, [0, 2, 9]))
      })
    #expect(try isIgnored { $0.type = .request })
    for type in [2, 4, 5, 6, 7, 8, 9, 10, 99] as [UInt8] {
      #expect(try isIgnored { $0.type = DHCPv6MessageType(rawValue: type) })
    }
    #expect(
      try isIgnored(port: .bootServer) {
        $0.type = .request
        $0.options.append(DHCPv6Option(.serverIdentifier, ours))
        $0.options[6].bytes = [0, 0, 1, 0x57, 0, 10] + Array("HTTPClient".utf8)
      })
  }

  @Test func relaysGetTheAnswerForTheirClient() throws {
    var question = try RelayedMessage(parsing: Recorded.pxeSolicit)
    let port = DHCPv6Option(.interfaceIdentifier, Array("ge-0/0/7".utf8))
    let hardware = DHCPv6Option(.clientLinkLayerAddress, [0, 1, 2, 0, 0, 0, 0, 9])
    question.hops = [
      RelayHop(count: 0, linkAddress: .ours, peerAddress: .client, options: [hardware, port])
    ]
    let relay = Endpoint(IPv6Address.lease, 30000)
    var reply = try Self.reply(Self.decide(question, from: relay, isMulticast: false))
    #expect(reply.destination == Endpoint(IPv6Address.lease, 547))
    #expect(
      try reply.message.hops == [
        RelayHop(count: 0, linkAddress: .ours, peerAddress: .client, options: [port])
      ])
    #expect(try Self.bytes(reply).first == 13)

    question.hops[0].options.append(DHCPv6Option(.relaySourcePort, [0, 0]))
    reply = try Self.reply(Self.decide(question, from: relay, isMulticast: false))
    #expect(reply.destination == relay)
    #expect(try reply.message.hops[0].options.count == 2)
  }

  @Test(arguments: [
    (Recorded.pxeSolicit, BootPlanV6.silence(reason: "as configured")),
    (Recorded.pxeSolicit, .httpLoader(url: "http://[fd77::2]/x")),
    (Recorded.pxeSolicit, .script(url: "http://[fd77::2]/x")),
    (Recorded.httpSolicit, .loader(file: "x")),
    (Recorded.httpSolicit, .httpLoader(url: "")),
    (Recorded.httpSolicit, .httpLoader(url: "http://[fd77::2]/a b")),
    (Recorded.httpSolicit, .httpLoader(url: "http://[fd77::2]/\u{0}")),
    (Recorded.httpSolicit, .httpLoader(url: String(repeating: "x", count: 1025))),
  ])
  func whatDoesNotFitIsSilence(_ bytes: [UInt8], _ plan: BootPlanV6) throws {
    let decision = try Self.decide(RelayedMessage(parsing: bytes)) { _, _ in plan }
    guard case .silence = decision else {
      Issue.record("\(decision)")
      return
    }
  }

  @Test(arguments: [("/a/b c.efi", "a/b%20c.efi"), ("grub/x64.efi", "grub/x64.efi")])
  func aFileNameIsAPath(_ file: String, _ path: String) throws {
    let question = try RelayedMessage(parsing: Recorded.pxeSolicit)
    let reply = try Self.reply(Self.decide(question) { _, _ in .loader(file: file) })
    #expect(reply.url == "tftp://[fd77::2]/\(path)")
  }

  @Test func urlsNameAnAddressThatTheClientCanReach() throws {
    func network(_ text: String) throws -> IPv6Network {
      IPv6Network(try #require(IPv6Address(text)), prefixLength: 64)
    }
    var interface = ServedInterfaceV6(
      name: "eth0",
      addresses: try ["fe80::1", "2001:db8::1", "fd77::1"].map(network))
    #expect(interface.address(near: .client)?.description == "2001:db8::1")
    #expect(interface.address(near: .lease)?.description == "fd77::1")
    interface.addresses.removeLast(2)
    #expect(interface.address(near: .lease)?.description == "fe80::1")
    interface.addresses = []
    #expect(interface.address(near: .client) == nil)
  }

  /// All that the machine in these captures asked, with the answer of today.
  @Test(arguments: ["v6-pxe", "v6-http"])
  func capturedBootsAreAnsweredAsBefore(_ name: String) throws {
    var known = KnownHardware()
    var lines: [String] = []
    for frame in try CapturedDHCPv6(name).questions {
      let question = try RelayedMessage(parsing: frame.payload)
      lines.append("\(question.message.type) \(frame.source) to \(frame.destination)")
      let source = try #require(frame.source.address.v6)
      guard var client = try? BootClientV6(question, from: source) else {
        lines.append("  not a boot client")
        continue
      }
      known.complete(&client)
      let mac = client.mac.map(\.description) ?? "?"
      let uuid = client.uuid.map(\.description) ?? "?"
      lines.append("  \(client.program) \(client.architecture) \(mac) \(uuid)")
      let arrival = ArrivalV6(
        interface: "eth0", local: .ours, port: frame.destination.port == 4011 ? .bootServer : .dhcp,
        source: frame.source, isMulticast: frame.destination.address.v6?.isMulticast == true)
      // The server of the recording.
      let server = DUID(server: MACAddress(value: 0x5254_00aa_0002))
      let decision = ProxyDecisionV6.decide(question, client, arrival, server: server) {
        client, _ in
        switch client.program {
        case .pxe: .loader(file: "snponly.efi")
        case .http: .httpLoader(url: "http://[fd77::2]/loaders/snponly.efi")
        case .ipxe: .script(url: "http://[fd77::2]/pxe/52-54-00-77-00-06")
        }
      }
      switch decision {
      case .reply(let reply, _):
        lines.append("  \(reply.type) \(reply.url) to \(reply.destination)")
      case .silence(let reason): lines.append("  silence: \(reason)")
      case .leaseRequested(let address, let server): lines.append("  lease \(address) of \(server)")
      case .ignore(let reason): lines.append("  ignored: \(reason)")
      }
    }
    let text = lines.joined(separator: "\n") + "\n"
    if let difference = try Fixtures.difference(from: "dhcp/\(name).txt", text) {
      Issue.record("\(difference)")
    }
  }
}
