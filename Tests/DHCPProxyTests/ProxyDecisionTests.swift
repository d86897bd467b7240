/// Tests of DHCPProxy: what each firmware is answered. Questions are real; the answers are goldens.

import Fixtures
import PacketCapture
import Testing
import Wire

@testable import DHCPProxy

@Suite struct ProxyDecisionTests {
  private static let server = IPv4Address(10, 77, 0, 2)

  private static let plan: BootPlanner = { client, _ in
    switch (client.program, client.architecture.platform) {
    case (.ipxe(speaksHTTP: true), _): .script(url: "http://10.77.0.2/pxe/\(client.mac.plain)")
    case (.http, _): .httpLoader(url: "http://10.77.0.2/boot/x64/snponly.efi")
    case (_, .bios): .loader(file: "undionly.kpxe")
    case (_, .uefiX64): .loader(file: "snponly.efi")
    default: .silence(reason: "no boot program")
    }
  }

  private func decide(
    _ message: DHCPMessage, port: Arrival.ServicePort = .dhcp,
    from source: Endpoint = Endpoint(IPAddress.any, 68), plan: BootPlanner = Self.plan
  ) -> ProxyDecision {
    ProxyDecision.decide(
      message,
      Arrival(interface: "eth0", local: Self.server, port: port, source: source), plan: plan)
  }

  /// Each question of a capture with the answer of today; refresh with FINO_REFRESH_GOLDENS=1.
  @Test(arguments: DHCPMessageTests.captures)
  func answersAreTheGoldens(_ name: String) throws {
    var text = ""
    for frame in try CapturedDHCP(name).questions {
      guard let port = Arrival.ServicePort(rawValue: frame.destination.port) else { continue }
      let question = try DHCPMessage(parsing: frame.payload)
      text += "--- \(frame.source) asks port \(port.rawValue)\n\(question)\n"
      switch decide(question, port: port, from: frame.source) {
      case .reply(let reply, let client, _):
        text += "+++ \(client.architecture), \(client.program): answer to \(reply.destination)\n"
        text += "\(reply.message)\n"
      case .silence(_, let reason): text += "+++ silence: \(reason)\n"
      case .leaseRequested(_, let address, let server):
        text +=
          "+++ nothing: it takes \(address) from \(server.map(String.init(describing:)) ?? "?")\n"
      case .ignore(let reason): text += "+++ nothing: \(reason)\n"
      }
    }
    let difference = try Fixtures.difference(from: "dhcp/\(name).txt", text)
    #expect(difference == nil)
  }

  /// EDK2's own checks (its PxeBcDhcp4 and Dhcp4 drivers), written down again: END is there, 54 is
  /// not zero, known options have their lengths, and the whole is 300 to 548 bytes.
  @Test(arguments: DHCPMessageTests.captures)
  func everyAnswerPassesTheStrictestFirmware(_ name: String) throws {
    for frame in try CapturedDHCP(name).questions {
      let port = try #require(Arrival.ServicePort(rawValue: frame.destination.port))
      let question = try DHCPMessage(parsing: frame.payload)
      guard case .reply(let reply, _, _) = decide(question, port: port, from: frame.source) else {
        continue
      }
      var writer = ByteWriter()
      reply.message.encode(into: &writer)
      #expect((300...548).contains(writer.count))
      #expect(writer.bytes[16..<20] == [0, 0, 0, 0], "yiaddr")
      #expect(Array(writer.bytes[4..<8]) == Array(frame.payload[4..<8]), "xid")
      #expect(writer.bytes[28..<44] == frame.payload[28..<44], "chaddr")
      let again = try DHCPMessage(parsing: writer.bytes)
      #expect(again.options == reply.message.options)
      #expect(again.options.first(.serverIdentifier) == Self.server.bytes)
      #expect(again.siaddr == Self.server)
      for option in again.options { #expect(!option.bytes.isEmpty) }
      #expect(again.options.first(.clientUUID) == question.options.first(.clientUUID))
    }
  }

  // MARK: Rules

  private func discover(_ options: [DHCPOption] = [], flags: UInt16 = 0, secs: UInt16 = 0)
    -> DHCPMessage
  {
    DHCPMessage(
      op: .request, htype: 1, hlen: 6, hops: 0, xid: 7, secs: secs, flags: flags, ciaddr: .any,
      yiaddr: .any, siaddr: .any, giaddr: .any,
      chaddr: [0x52, 0x54, 0, 0xaa, 0, 1] + [UInt8](repeating: 0, count: 10),
      sname: [UInt8](repeating: 0, count: 64), file: [UInt8](repeating: 0, count: 128),
      options: [DHCPOption(.messageType, [1])] + options)
  }

  private func pxe(_ architecture: UInt8) -> [DHCPOption] {
    [
      DHCPOption(.vendorClass, Array("PXEClient:Arch:00000:UNDI:002001".utf8)),
      DHCPOption(.clientArchitecture, [0, architecture]),
    ]
  }

  private func reply(_ decision: ProxyDecision) throws -> ProxyReply {
    guard case .reply(let reply, _, _) = decision else {
      throw Unexpected(decision: decision)
    }
    return reply
  }

  private struct Unexpected: Error {
    var decision: ProxyDecision
  }

  @Test func operatingSystemsGetNothing() {
    #expect(decide(discover()) == .ignore("it does not ask for network boot (no option 60)"))
    let msft = discover([DHCPOption(.vendorClass, Array("MSFT 5.0".utf8))])
    #expect(
      decide(msft) == .ignore("it does not ask for network boot (option 60 is «MSFT 5.0»)"))
  }

  @Test(
    arguments: [(7, "snponly.efi"), (9, "snponly.efi"), (0, "undionly.kpxe")] as [(UInt8, String)])
  func architectureChoosesTheLoader(_ architecture: UInt8, _ file: String) throws {
    #expect(try reply(decide(discover(pxe(architecture)))).file == file)
  }

  @Test func architectureIsReadFromTheTextWhereOption93IsMissing() throws {
    let text = DHCPOption(.vendorClass, Array("PXEClient:Arch:00007:UNDI:003000".utf8))
    #expect(try reply(decide(discover([text]))).file == "snponly.efi")
    let bare = DHCPOption(.vendorClass, Array("PXEClient".utf8))
    #expect(decide(discover([bare])) == .ignore("it does not say its architecture (no option 93)"))
  }

  @Test(arguments: [[UInt8]("iPXE".utf8), [4] + [UInt8]("iPXE".utf8)])
  func iPXEInBothSpellingsGetsTheScript(_ userClass: [UInt8]) throws {
    let message = discover(pxe(0) + [DHCPOption(.userClass, userClass)])
    let answer = try reply(decide(message))
    #expect(answer.file == "http://10.77.0.2/pxe/525400aa0001")
    #expect(!answer.message.siaddr.isUnspecified)
    #expect(answer.message.options.first(.etherboot) == [1, 1, 1])
  }

  @Test func iPXEThatEchoesAForeignUserClassIsKnownByOption175() throws {
    let message = discover(
      pxe(0) + [
        DHCPOption(.userClass, Array("acme".utf8)), DHCPOption(.etherboot, [0x13, 1, 1]),
      ])
    #expect(try reply(decide(message)).file.hasPrefix("http://"))
  }

  @Test func iPXEWithoutHTTPGetsALoaderThatHasIt() throws {
    let message = discover(
      pxe(0) + [
        DHCPOption(.userClass, Array("iPXE".utf8)), DHCPOption(.etherboot, [0x15, 1, 1]),
      ])
    #expect(try reply(decide(message)).file == "undionly.kpxe")
  }

  @Test func iPXEThatNamesNoFeaturesIsTakenAtItsWord() throws {
    let message = discover(
      pxe(0) + [
        DHCPOption(.userClass, Array("iPXE".utf8)), DHCPOption(.etherboot, [0xb1, 1, 1]),
      ])
    #expect(try reply(decide(message)).file.hasPrefix("http://"))
  }

  @Test func theFirstKnownArchitectureCounts() throws {
    var options = pxe(7)
    options[1] = DHCPOption(.clientArchitecture, [0, 99, 0, 7])
    #expect(try reply(decide(discover(options))).file == "snponly.efi")
  }

  @Test func aLongURLGoesIntoOption67() throws {
    let url = "http://10.77.0.2/" + String(repeating: "x", count: 150)
    let message = discover(pxe(0) + [DHCPOption(.userClass, Array("iPXE".utf8))])
    let answer = try reply(decide(message, plan: { _, _ in .script(url: url) })).message
    #expect(answer.file.allSatisfy { $0 == 0 })
    #expect(answer.options.first(.bootFileName) == Array(url.utf8) + [0])
  }

  @Test func aURLThatFitsNowhereIsNotTruncated() {
    let url = "http://10.77.0.2/" + String(repeating: "x", count: 300)
    let message = discover(pxe(0) + [DHCPOption(.userClass, Array("iPXE".utf8))])
    guard case .silence = decide(message, plan: { _, _ in .script(url: url) }) else {
      Issue.record("it was answered")
      return
    }
  }

  @Test func aUEFIClientThatAsksAgainIsToldToUseTheFile() throws {
    let first = try reply(decide(discover(pxe(7))))
    #expect(first.message.options.first(.vendorSpecific) == nil)
    let second = try reply(decide(discover(pxe(7), secs: 4)))
    #expect(
      second.message.options.first(.vendorSpecific)
        == [6, 1, 8, 10, 4, 0, 0x50, 0x58, 0x45, 255])
  }

  @Test func destinationsFollowRFC2131() throws {
    let mac = try #require(MACAddress("52:54:00:aa:00:01"))
    #expect(try reply(decide(discover(pxe(0)))).destination == .hardware(mac))
    #expect(try reply(decide(discover(pxe(0), flags: 0x8000))).destination == .broadcast)
    var relayed = discover(pxe(0) + [DHCPOption(.relayAgentInformation, [1, 1, 9])])
    relayed.giaddr = IPv4Address(10, 9, 0, 1)
    let answer = try reply(decide(relayed))
    #expect(answer.destination == .unicast(Endpoint(relayed.giaddr, 67)))
    #expect(answer.message.wantsBroadcast)
    #expect(answer.message.options.last == DHCPOption(.relayAgentInformation, [1, 1, 9]))
    var known = discover(pxe(0))
    known.ciaddr = IPv4Address(10, 77, 0, 50)
    #expect(try reply(decide(known)).destination == .unicast(Endpoint(known.ciaddr, 68)))
  }

  @Test(arguments: [UInt16(68), 4011])
  func port4011AnswersToThePortThatAsked(_ port: UInt16) throws {
    var question = discover(pxe(7))
    question.options[0] = DHCPOption(.messageType, [3])
    question.ciaddr = IPv4Address(10, 77, 0, 50)
    let source = Endpoint(question.ciaddr, port)
    let answer = try reply(decide(question, port: .bootServer, from: source))
    #expect(answer.type == .ack)
    #expect(answer.destination == .unicast(source))
    #expect(answer.message.ciaddr == question.ciaddr)
  }

  @Test func aREQUESTForALeaseIsTheDHCPServersAndTellsTheAddress() {
    var question = discover(
      pxe(7) + [
        DHCPOption(.requestedAddress, [10, 77, 0, 50]),
        DHCPOption(.serverIdentifier, [10, 77, 0, 1]),
      ])
    question.options[0] = DHCPOption(.messageType, [3])
    guard case .leaseRequested(_, let address, let server) = decide(question) else {
      Issue.record("it was not seen as a request for a lease")
      return
    }
    #expect(address == IPv4Address(10, 77, 0, 50))
    #expect(server == IPv4Address(10, 77, 0, 1))
  }

  @Test func bootServerDiscoveryIsAnsweredWithItsItem() throws {
    var question = discover(pxe(0) + [DHCPOption(.vendorSpecific, [71, 4, 0x80, 0, 0, 0, 255])])
    question.options[0] = DHCPOption(.messageType, [3])
    let answer = try reply(decide(question))
    #expect(answer.type == .ack)
    #expect(answer.message.options.first(.vendorSpecific) == [71, 4, 0x80, 0, 0, 0, 255])
  }

  @Test func credentialsAreRefused() {
    var question = discover(pxe(0) + [DHCPOption(.vendorSpecific, [71, 4, 0, 1, 0x80, 0, 255])])
    question.options[0] = DHCPOption(.messageType, [3])
    guard case .silence(_, let reason) = decide(question, port: .bootServer) else {
      Issue.record("it was answered")
      return
    }
    #expect(reason == "it asks for boot server credentials")
  }

  @Test func ourOwnAnswersAreIgnored() {
    var answer = discover(pxe(0))
    answer.op = .reply
    #expect(decide(answer) == .ignore("it is no request"))
  }
}
