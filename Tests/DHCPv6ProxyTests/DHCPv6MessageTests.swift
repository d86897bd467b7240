/// Tests of DHCPv6Proxy: the codec, on what real firmware sent and on what nobody should send.

import Fixtures
import PacketCapture
import Testing
import Wire

@testable import DHCPv6Proxy

@Suite struct DHCPv6MessageTests {
  static let recorded = [
    Recorded.pxeSolicit, Recorded.httpSolicit, Recorded.bootServerRequest, Recorded.ipxeSolicit,
  ]

  @Test(arguments: recorded)
  func recordedMessagesComeBackTheSame(_ bytes: [UInt8]) throws {
    let message = try DHCPv6Message(parsing: bytes)
    var writer = ByteWriter()
    try message.encode(into: &writer)
    #expect(writer.bytes == bytes)
    #expect(try RelayedMessage(parsing: bytes).message == message)
  }

  @Test(arguments: ["v6-pxe", "v6-http"])
  func everyCapturedMessageComesBackTheSame(_ name: String) throws {
    let frames = try CapturedDHCPv6(name).frames
    #expect(frames.count > 10)
    for frame in frames {
      #expect(try RelayedMessage(parsing: frame.payload).bytes == frame.payload)
    }
  }

  @Test func theFirmwareSays() throws {
    let message = try DHCPv6Message(parsing: Recorded.pxeSolicit)
    #expect(message.type == .solicit)
    #expect(message.transaction == 0x95c315)
    #expect(message.options.map(\.code.rawValue) == [1, 8, 3, 6, 62, 61, 16])
    #expect(message.options.first(.clientArchitecture) == [0, 7])
    #expect(message.options.first(.networkInterface) == [1, 3, 0])
    let association = try IdentityAssociation(
      parsing: #require(message.options.first(.identityAssociation)))
    #expect(association.identifier == 0xffdc_57ff)
    #expect(association.addresses == [])
  }

  /// A prefix that ends between two options is a shorter message; all others throw.
  @Test(arguments: recorded)
  func eachProperPrefixThrowsOrIsShorter(_ bytes: [UInt8]) throws {
    var ends: Set<Int> = [4]
    for option in try DHCPv6Message(parsing: bytes).options {
      ends.insert((ends.max() ?? 4) + 4 + option.bytes.count)
    }
    for count in 0..<bytes.count {
      let prefix = Array(bytes.prefix(count))
      if ends.contains(count) {
        #expect(try DHCPv6Message(parsing: prefix).options.count < 9)
      } else {
        #expect(throws: WireError.self) { try DHCPv6Message(parsing: prefix) }
      }
    }
  }

  @Test func anOptionThatRunsPastTheEndNamesItselfAndItsPlace() throws {
    let error = #expect(throws: WireError.self) {
      try DHCPv6Message(parsing: [1, 0, 0, 1, 0, 16, 0, 9, 1])
    }
    #expect(error?.description == "option 16 at byte 8: needs 9 bytes, 1 left")
  }

  @Test func aTransactionHas24Bits() throws {
    let message = DHCPv6Message(type: .reply, transaction: 0xff12_3456, options: [])
    #expect(message.transaction == 0x12_3456)
    var writer = ByteWriter()
    try message.encode(into: &writer)
    #expect(writer.bytes == [7, 0x12, 0x34, 0x56])
  }

  @Test func aValueThatDoesNotFitIsRefused() {
    let message = DHCPv6Message(
      type: .reply, transaction: 1,
      options: [DHCPv6Option(.bootFileURL, [UInt8](repeating: 0x61, count: 65536))])
    var writer = ByteWriter()
    #expect(throws: WireError.self) { try message.encode(into: &writer) }
  }

  @Test func typesHaveNames() {
    #expect(DHCPv6MessageType.informationRequest.description == "INFORMATION-REQUEST")
    #expect(DHCPv6MessageType(rawValue: 0).description == "type 0")
    #expect(DHCPv6MessageType(rawValue: 14).description == "type 14")
  }

  /// Whatever is changed in a message, reading and deciding end, and what was read can be written.
  @Test func mutationsNeverTrap() throws {
    var random = SeededRandom(seed: 546)
    var read = 0
    let hop = RelayHop(
      count: 1, linkAddress: .ours, peerAddress: .client,
      options: [DHCPv6Option(.clientLinkLayerAddress, [0, 1, 2, 3, 4, 5, 6, 7])])
    let relayed = try RelayedMessage(
      hops: [hop, hop], message: DHCPv6Message(parsing: Recorded.pxeSolicit)
    ).bytes
    for round in 0..<6000 {
      var bytes = round.isMultiple(of: 3) ? relayed : Self.recorded[round % 4]
      for _ in 0...Int.random(in: 0..<4, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes[index] = [0, 1, 12, 13, 0x7f, 0xff][Int.random(in: 0..<6, using: &random)]
        case 2 where bytes.count > 1: bytes.remove(at: index)
        default: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
        }
      }
      guard let message = try? RelayedMessage(parsing: bytes) else { continue }
      read += 1
      #expect(try RelayedMessage(parsing: message.bytes) == message)
      guard var client = try? BootClientV6(message, from: .client) else { continue }
      var known = KnownHardware()
      known.complete(&client)
      for port in [ArrivalV6.ServicePort.dhcp, .bootServer] {
        let arrival = ArrivalV6(
          interface: "eth0", local: .ours, port: port, source: Endpoint(IPv6Address.client, 546),
          isMulticast: true)
        let decision = ProxyDecisionV6.decide(
          message, client, arrival, server: DUID(server: MACAddress(value: 2))
        ) { _, _ in .loader(file: "snponly.efi") }
        if case .reply(let reply, _) = decision {
          var writer = ByteWriter()
          try reply.message.encodeReply(into: &writer)
          #expect(writer.count > 40)
        }
      }
    }
    #expect(read > 500)
  }
}
