/// Tests of DHCPProxy: what is answered, where to, and to whom nothing.

import Testing
import Wire

@testable import DHCPProxy

@Suite struct ProxyDecisionTests {
  private var proxy = ProxyHarness()
  private let address: [UInt8] = [10, 77, 0, 50]

  private func iPXE(_ options: [(UInt8, [UInt8])] = []) -> BuiltDHCP {
    BuiltDHCP(1, pxeOptions(0) + [(77, text("iPXE"))] + options)
  }

  // MARK: What is answered

  @Test mutating func operatingSystemsGetNothing() throws {
    #expect(
      try proxy.decide(BuiltDHCP(1)) == .ignore("it does not ask for network boot (no option 60)"))
    #expect(
      try proxy.decide(BuiltDHCP(1, [(60, text("MSFT 5.0"))]))
        == .ignore("it does not ask for network boot (option 60 is «MSFT 5.0»)"))
    #expect(
      try proxy.decide(BuiltDHCP(8, [(60, text("AAPLBSDPC/i386"))]))
        == .ignore("it asks for Apple's NetBoot, which is not PXE"))
    #expect(proxy.memory.count == 0)
  }

  @Test(
    arguments: [(7, "snponly.efi"), (9, "snponly.efi"), (0, "undionly.kpxe")]
      as [(UInt16, String)])
  mutating func architectureChoosesTheLoader(_ architecture: UInt16, _ file: String) throws {
    #expect(try proxy.reply(BuiltDHCP(1, pxeOptions(architecture))).file == file)
  }

  @Test(arguments: [[UInt8]("iPXE".utf8), [4] + [UInt8]("iPXE".utf8)])
  mutating func iPXEInBothSpellingsGetsTheScript(_ userClass: [UInt8]) throws {
    let answer = try proxy.reply(BuiltDHCP(1, pxeOptions(0) + [(77, userClass)]))
    #expect(answer.file == "http://10.77.0.2/pxe/525400aa0001")
    #expect(answer.choice.strategy == .script)
    #expect(answer.message.options.first(.etherboot) == [1, 1, 1])
  }

  @Test mutating func iPXEWithoutHTTPGetsALoaderThatHasIt() throws {
    let answer = try proxy.reply(iPXE([(175, [0x15, 1, 1])]))
    #expect(answer.file == "undionly.kpxe")
    #expect(answer.choice.strategy == .script)
  }

  @Test mutating func iPXEWithoutHTTPIsNotLoadedForEver() throws {
    for xid in 1...3 as ClosedRange<UInt32> {
      let question = iPXE([(175, [0x15, 1, 1])]).with { $0.xid = xid }
      switch try proxy.decide(question) {
      case .reply: #expect(xid <= 2)
      case .silence(_, let reason): #expect(xid == 3 && reason.contains("an iPXE without HTTP"))
      case let other: Issue.record("\(other)")
      }
      proxy.wait(.seconds(10))
    }
    proxy.wait(.seconds(120))
    _ = try proxy.reply(iPXE([(175, [0x15, 1, 1])]).with { $0.xid = 4 })
  }

  @Test mutating func aLongURLGoesIntoOption67() throws {
    let url = "http://10.77.0.2/" + String(repeating: "x", count: 150)
    proxy.plan = { _, _ in .script(url: url) }
    let answer = try proxy.reply(iPXE()).message
    #expect(answer.file.allSatisfy { $0 == 0 })
    #expect(answer.options.first(.bootFileName) == Array(url.utf8) + [0])
  }

  @Test(arguments: [128, 253, 254, 255, 300])
  mutating func aNameThatFitsNowhereIsNotTruncated(_ length: Int) throws {
    let url = "http://10.77.0.2/" + String(repeating: "x", count: length - 17)
    proxy.plan = { _, _ in .script(url: url) }
    // With the longest 97 even 254 bytes are too many for an old ROM's 548.
    let built = iPXE([(97, [UInt8](repeating: 7, count: 32))])
    if length == 128 {
      #expect(StrictFirmware(try proxy.reply(built).bytes, to: built.bytes).faults == [])
    } else {
      #expect(try proxy.silence(built).contains("fits nowhere"))
    }
    proxy.plan = { _, _ in .loader(file: url) }
    #expect(try proxy.silence(BuiltDHCP(1, pxeOptions(7))).contains("fits nowhere"))
  }

  @Test mutating func aPlanOfAnotherKindIsNotSent() throws {
    proxy.plan = { _, _ in .loader(file: "undionly.kpxe") }
    let pi = BuiltDHCP(1, pxeOptions(0)).with { $0.chaddr = [0xb8, 0x27, 0xeb, 1, 2, 3] }
    #expect(try proxy.silence(pi).hasPrefix("what it should boot does not fit its kind"))
    let http = BuiltDHCP(1, [(60, text("HTTPClient:Arch:00016")), (93, [0, 16])])
    #expect(try proxy.silence(http).hasPrefix("what it should boot does not fit its kind"))
    proxy.plan = { _, _ in .loader(file: "") }
    #expect(try proxy.silence(BuiltDHCP(1, pxeOptions(0))).hasPrefix("what it should boot"))
  }

  @Test mutating func uBootIsAnsweredByRuleOnly() throws {
    let uBoot = BuiltDHCP(1, [(60, text("U-Boot.armv8"))])
    #expect(
      try proxy.silence(uBoot)
        == "U-Boot is answered only where a rule pins a way, like "
        + "«mac 52:54:00:aa:00:01 = everything»")
    proxy.rules.pins = try StrategyPins(parsing: [("arch arm64", "everything")])
    #expect(try proxy.reply(uBoot).file == "snponly-arm64.efi")
    // It never asks port 4011.
    proxy.rules.pins = try StrategyPins(parsing: [("arch arm64", "boot-server-only")])
    #expect(try proxy.silence(uBoot).hasPrefix("U-Boot is answered only where"))
  }

  @Test mutating func ourOwnAnswersAreIgnored() throws {
    let answer = BuiltDHCP(1, pxeOptions(0)).with { $0.op = 2 }
    #expect(try proxy.decide(answer) == .ignore("it is no request"))
  }

  // MARK: Where to

  @Test mutating func destinationsFollowRFC2131() throws {
    let mac = try #require(MACAddress("52:54:00:aa:00:01"))
    let discover = BuiltDHCP(1, pxeOptions(0))
    #expect(try proxy.reply(discover).destination == .hardware(mac))
    #expect(try proxy.reply(discover.with { $0.flags = 0x8000 }).destination == .broadcast)
    // In a DISCOVER it means nothing.
    #expect(try proxy.reply(discover.with { $0.ciaddr = address }).destination == .hardware(mac))
    let search = BuiltDHCP(8, pxeOptions(0) + [(43, [71, 4, 0, 0, 0, 0, 255])])
    let known = search.with { $0.ciaddr = address }
    #expect(
      try proxy.reply(known).destination
        == .unicast(Endpoint(IPv4Address(10, 77, 0, 50), 68)))
    // Addresses that are nobody's are not sent to.
    for nobody in [[224, 0, 0, 1], [255, 255, 255, 255], [127, 0, 0, 1], [0, 0, 0, 9]] as [[UInt8]]
    {
      #expect(
        try proxy.reply(search.with { $0.ciaddr = nobody }).destination == .hardware(mac))
    }
  }

  @Test mutating func relaysGetItOnPort67WithTheirOption82Last() throws {
    let relayed = BuiltDHCP(1, pxeOptions(0) + [(82, [1, 1, 9]), (97, uuidOption)])
      .with { $0.giaddr = [10, 9, 0, 1] }
    let answer = try proxy.reply(relayed)
    #expect(answer.destination == .unicast(Endpoint(IPv4Address(10, 9, 0, 1), 67)))
    #expect(answer.message.wantsBroadcast)
    #expect(Array(answer.message.options).last == DHCPOption(.relayAgentInformation, [1, 1, 9]))
    for nobody in [[127, 0, 0, 1], [239, 1, 1, 1], [255, 255, 255, 255]] as [[UInt8]] {
      guard case .ignore = try proxy.decide(relayed.with { $0.giaddr = nobody }) else {
        Issue.record("a relay at \(nobody) was answered")
        continue
      }
    }
  }

  @Test mutating func anOption82OfAnyOneOptionsLengthComesBack() throws {
    let relay = [UInt8](repeating: 0x41, count: 255)
    let built = BuiltDHCP(1, pxeOptions(0) + [(82, relay)]).with { $0.giaddr = [10, 9, 0, 1] }
    let answer = try proxy.reply(built)
    #expect(StrictFirmware(answer.bytes, to: built.bytes).faults == [])
    #expect(Array(answer.message.options).last?.bytes == relay)
    let twice = built.with { $0.options += [(82, [1])] }
    guard case .ignore = try proxy.decide(twice) else {
      Issue.record("it was answered")
      return
    }
  }

  @Test(arguments: [UInt16(68), 4011, 4012])
  mutating func port4011AnswersToThePortThatAsked(_ port: UInt16) throws {
    for type in [3, 8] as [UInt8] {
      let question = BuiltDHCP(type, pxeOptions(7)).with { $0.ciaddr = address }
      let source = Endpoint(IPv4Address(10, 77, 0, 50), port)
      let answer = try proxy.reply(question, port: .bootServer, from: source)
      #expect(answer.type == .ack)
      #expect(answer.destination == .unicast(source))
      #expect(answer.message.ciaddr == IPv4Address(10, 77, 0, 50))
    }
  }

  @Test mutating func port4011WithoutASourceIsAnsweredByBroadcast() throws {
    let question = BuiltDHCP(3, pxeOptions(7)).with { $0.flags = 0x8000 }
    #expect(try proxy.reply(question, port: .bootServer).destination == .broadcast)
    let noPort = Endpoint(IPv4Address(10, 77, 0, 50), 0)
    #expect(
      try proxy.reply(question, port: .bootServer, from: noPort).destination == .broadcast)
    #expect(try proxy.reply(BuiltDHCP(1, pxeOptions(7)), port: .bootServer).type == .offer)
  }

  // MARK: Requests that are another server's

  @Test mutating func aREQUESTForALeaseIsTheDHCPServersAndTellsTheAddress() throws {
    let question = BuiltDHCP(3, pxeOptions(7) + [(50, address), (54, [10, 77, 0, 1])])
    guard case .leaseRequested(_, let leased, let server) = try proxy.decide(question) else {
      Issue.record("it was not seen as a request for a lease")
      return
    }
    #expect(leased == IPv4Address(10, 77, 0, 50))
    #expect(server == IPv4Address(10, 77, 0, 1))
    #expect(
      try proxy.decide(BuiltDHCP(3, pxeOptions(7))) == .ignore("a REQUEST without an address"))
  }

  @Test(arguments: [4, 7, 2, 5, 6, 9, 0, 255] as [UInt8])
  mutating func otherTypesAreNotForABootServer(_ type: UInt8) throws {
    for port in [Arrival.ServicePort.dhcp, .bootServer] {
      guard case .ignore = try proxy.decide(BuiltDHCP(type, pxeOptions(0)), port: port) else {
        Issue.record("type \(type) was answered on \(port)")
        continue
      }
    }
  }

  @Test mutating func bootServerDiscoveryIsAnsweredWithItsItem() throws {
    for type in [3, 8] as [UInt8] {
      let question = BuiltDHCP(type, pxeOptions(0) + [(43, [71, 4, 0x80, 0, 0, 0, 255])])
      let answer = try proxy.reply(question)
      #expect(answer.type == .ack)
      #expect(answer.message.options.first(.vendorSpecific) == [71, 4, 0x80, 0, 0, 0, 255])
    }
  }

  @Test mutating func anINFORMIsAnsweredToItsAddress() throws {
    let question = BuiltDHCP(8, pxeOptions(0) + [(43, [71, 4, 0x80, 0, 0, 0, 255])]).with {
      $0.ciaddr = address
      $0.flags = 0x8000
    }
    let own = IPv4Address(10, 77, 0, 50)
    #expect(try proxy.reply(question).destination == .unicast(Endpoint(own, 68)))
    #expect(
      try proxy.reply(question, port: .bootServer, from: Endpoint(own, 4011)).destination
        == .unicast(Endpoint(own, 4011)))
    // Without an item it is a system's that asks for its settings.
    let plain = BuiltDHCP(8, pxeOptions(0)).with { $0.ciaddr = address }
    #expect(try proxy.decide(plain) == .ignore("INFORM on port 67 is not for a boot server"))
  }

  @Test(
    arguments: [
      [], [255], [71], [71, 9, 0x80, 0], [71, 3, 0x80, 0, 0, 255], [71, 5, 0x80, 0, 0, 0, 0, 255],
      [6, 1, 8, 255],
    ] as [[UInt8]])
  mutating func aBrokenItemIsNoQuestion(_ vendor: [UInt8]) throws {
    let question = BuiltDHCP(3, pxeOptions(0) + [(43, vendor)])
    #expect(try proxy.decide(question) == .ignore("a REQUEST without an address"))
    // Port 4011 is a question by itself.
    #expect(try proxy.reply(question, port: .bootServer).choice.strategy == .everything)
  }

  @Test mutating func anItemInTwoPiecesIsOne() throws {
    let question = BuiltDHCP(
      3, pxeOptions(0) + [(43, [71, 4, 0x80]), (43, [0, 0, 0, 255])])
    #expect(
      try proxy.reply(question).message.options.first(.vendorSpecific)
        == [71, 4, 0x80, 0, 0, 0, 255])
  }

  @Test(arguments: [241, 1500, 9000])
  mutating func sizeAndIdentityOfTheRequestDoNotMatter(_ size: Int) throws {
    let question = BuiltDHCP(1, pxeOptions(0)).with {
      $0.size = size
      $0.xid = 0
      $0.padding = 0xff
      $0.sname = [UInt8](repeating: 0xff, count: 64)
      $0.file = [UInt8](repeating: 0xff, count: 128)
    }
    let answer = try proxy.reply(question)
    #expect(StrictFirmware(answer.bytes, to: question.bytes).faults == [])
    #expect(answer.bytes.count <= 548)
  }

  @Test mutating func anotherServersMenuEntryIsNotOurs() throws {
    let question = BuiltDHCP(3, pxeOptions(0) + [(43, [71, 4, 0, 5, 0, 0, 255])])
    #expect(
      try proxy.decide(question)
        == .ignore("it looks for a boot server of type 5, and that is another one"))
    // On 4011 it asks us and nobody else.
    #expect(try proxy.reply(question, port: .bootServer).type == .ack)
  }

  @Test mutating func credentialsAreRefused() throws {
    let question = BuiltDHCP(3, pxeOptions(0) + [(43, [71, 4, 0x80, 0, 0x80, 0, 255])])
    #expect(try proxy.silence(question) == "it asks for boot server credentials")
  }

  @Test mutating func httpBootNeverAsks4011() throws {
    let http = BuiltDHCP(3, [(60, text("HTTPClient:Arch:00016")), (93, [0, 16])])
    #expect(
      try proxy.decide(http, port: .bootServer) == .ignore("UEFI HTTP Boot never asks port 4011"))
  }
}
