/// Tests of DHCPProxy: the bytes of each way of answering.

import Testing
import Wire

@testable import DHCPProxy

@Suite struct AnswerTableTests {
  private let mac = MACAddress(value: 0x5254_00aa_0001)

  /// The offer, then the answer on port 4011, of a machine that is pinned to a way.
  private func answers(_ way: String, _ architecture: UInt16 = 0) throws -> [DHCPMessage] {
    var proxy = ProxyHarness(
      rules: BootRules(pins: try StrategyPins(parsing: [("mac \(mac)", way)])))
    let offer = BuiltDHCP(1, pxeOptions(architecture))
    let ask = BuiltDHCP(3, pxeOptions(architecture)).with { $0.ciaddr = [10, 77, 0, 50] }
    let replies = [
      (try proxy.reply(offer), offer), (try proxy.reply(ask, port: .bootServer), ask),
    ]
    return replies.map { reply, question in
      #expect(StrictFirmware(reply.bytes, to: question.bytes).faults == [])
      #expect(reply.choice.strategy.name == way)
      #expect(reply.choice.reason == "the rule «mac \(mac) = \(way)» says so")
      return reply.message
    }
  }

  private func file(_ message: DHCPMessage) -> String {
    String(decoding: message.file.prefix { $0 != 0 }, as: UTF8.self)
  }

  @Test(
    arguments: [
      ("everything", "undionly.kpxe", [6, 1, 8, 255], [6, 1, 8, 255]),
      (
        "everything-with-prompt", "undionly.kpxe", [6, 1, 8, 10, 4, 0, 0x50, 0x58, 0x45, 255],
        [6, 1, 8, 10, 4, 0, 0x50, 0x58, 0x45, 255]
      ),
      ("boot-server", "undionly.kpxe", nil, nil),
      ("boot-server-only", "", nil, nil),
      (
        "menu", "",
        [
          6, 1, 7, 8, 7, 0x80, 0, 1, 10, 77, 0, 2, 9, 7, 0x80, 0, 4, 0x46, 0x69, 0x6e, 0x6f, 10, 4,
          0,
          0x50, 0x58, 0x45, 255,
        ], nil
      ),
    ] as [(String, String, [UInt8]?, [UInt8]?)])
  func pxeForms(
    _ way: String, _ offered: String, _ offer43: [UInt8]?, _ ack43: [UInt8]?
  ) throws {
    for architecture in [0, 9] as [UInt16] {
      let messages = try answers(way, architecture)
      let name = architecture == 0 ? "undionly.kpxe" : "snponly.efi"
      #expect(file(messages[0]) == (offered.isEmpty ? "" : name))
      #expect(messages[0].options.first(.vendorSpecific) == offer43)
      #expect(file(messages[1]) == name)
      #expect(messages[1].options.first(.vendorSpecific) == ack43)
      for message in messages {
        #expect(message.siaddr == ProxyHarness.server)
        #expect(message.options.first(.bootFileName) == nil)
        #expect(message.options.first(.serverName) == nil)
      }
    }
  }

  @Test func aRaspberryPiGetsItsWordsAndNoFile() throws {
    for message in try answers("raspberry-pi") {
      #expect(file(message) == "")
      #expect(message.options.first(.serverName) == text("10.77.0.2"))
      let menu: [UInt8] = [6, 1, 3, 8, 7, 0, 0, 1, 10, 77, 0, 2, 9, 20, 0, 0, 17]
      #expect(
        message.options.first(.vendorSpecific)
          == menu + text("Raspberry Pi Boot") + [10, 4, 0, 0x50, 0x58, 0x45, 255])
    }
  }

  @Test func theMenusItemIsAnsweredByBroadcastAndBy4011() throws {
    var proxy = ProxyHarness(
      rules: BootRules(pins: try StrategyPins(parsing: [("mac \(mac)", "menu")])))
    let ask = BuiltDHCP(3, pxeOptions(0) + [(43, [71, 4, 0x80, 0, 0, 0, 255])])
    for port in [Arrival.ServicePort.dhcp, .bootServer] {
      let message = try proxy.reply(ask, port: port).message
      #expect(file(message) == "undionly.kpxe")
      #expect(message.options.first(.vendorSpecific) == [71, 4, 0x80, 0, 0, 0, 255])
    }
  }

  @Test func everyStrategyHasOneNameAndFitsSomething() {
    #expect(Set(Strategy.allCases.map(\.name)).count == Strategy.allCases.count)
    for strategy in Strategy.allCases {
      #expect(FirmwareFamily.allCases.contains { strategy.fits($0) })
    }
    for family in FirmwareFamily.allCases {
      #expect(!family.ladder.isEmpty)
      for rung in family.ladder { #expect(rung.strategy.fits(family) && rung.patience > 0) }
    }
  }
}
