/// Tests of DHCPv6Proxy: who is asking.

import Testing
import Wire

@testable import DHCPv6Proxy

@Suite struct BootClientV6Tests {
  private static let mac = MACAddress(value: 0x5254_0077_0006)
  private static let uuid = SystemUUID("00112233-4455-6677-8899-aabbccddee06")

  @Test(arguments: [
    (Recorded.pxeSolicit, BootClientV6.Program.pxe, UInt16(7)),
    (Recorded.httpSolicit, .http, 16), (Recorded.ipxeSolicit, .ipxe, 7),
  ])
  func theSameMachineInThreePrograms(
    _ bytes: [UInt8], _ program: BootClientV6.Program, _ architecture: UInt16
  ) throws {
    let client = try BootClientV6(RelayedMessage(parsing: bytes), from: .client)
    #expect(client.program == program)
    #expect(client.architecture == architecture)
    #expect(client.mac == Self.mac)
    // EDK2 and iPXE write it in different orders.
    #expect(client.uuid == Self.uuid)
    #expect(client.address == nil)
  }

  @Test func anAddressFromTheServerShowsNoHardware() throws {
    let question = try RelayedMessage(parsing: Recorded.bootServerRequest)
    var client = try BootClientV6(question, from: .lease)
    #expect(client.mac == nil)
    #expect(client.address == .lease)

    var known = KnownHardware()
    known.complete(&client)
    #expect(client.mac == nil)
    var before = try BootClientV6(RelayedMessage(parsing: Recorded.pxeSolicit), from: .client)
    known.complete(&before)
    known.complete(&client)
    #expect(client.mac == Self.mac)
  }

  @Test func relaysTellTheHardwareAddress() throws {
    var question = try RelayedMessage(parsing: Recorded.pxeSolicit)
    let relayed = DHCPv6Option(.clientLinkLayerAddress, [0, 1, 2, 0, 0, 0, 0, 9])
    question.hops = [
      RelayHop(count: 1, linkAddress: .ours, peerAddress: .ours),
      RelayHop(count: 0, linkAddress: .ours, peerAddress: .client, options: [relayed]),
    ]
    let client = try BootClientV6(question, from: .ours)
    #expect(client.mac?.description == "02:00:00:00:00:09")
    question.hops[1].options = []
    #expect(try BootClientV6(question, from: .ours).mac == Self.mac)
    // A link type that is not Ethernet, a length that is not six, a group.
    for bytes in [[0, 6, 2, 0, 0, 0, 0, 9], [0, 1, 2], [0, 1, 3, 0, 0, 0, 0, 9]] as [[UInt8]] {
      question.hops[1].options = [DHCPv6Option(.clientLinkLayerAddress, bytes)]
      #expect(try BootClientV6(question, from: .ours).mac == Self.mac)
    }
  }

  @Test func whatDoesNotBootIsRefused() throws {
    func refusal(_ change: (inout [DHCPv6Option]) -> Void) throws -> BootClientV6.Refusal? {
      var question = try RelayedMessage(parsing: Recorded.pxeSolicit)
      change(&question.message.options)
      return #expect(throws: BootClientV6.Refusal.self) {
        try BootClientV6(question, from: .client)
      }
    }
    func vendor(_ enterprise: [UInt8], _ text: String) -> DHCPv6Option {
      DHCPv6Option(.vendorClass, enterprise + [0, UInt8(text.utf8.count)] + Array(text.utf8))
    }
    // The IPv6 stack of the same firmware, asking for an address.
    #expect(try refusal { $0.removeAll { $0.code == .vendorClass } } == .noVendorClass)
    #expect(try refusal { $0.removeAll { $0.code == .clientIdentifier } } == .noIdentifier)
    #expect(try refusal { $0[6].bytes = [0, 0, 1] } == .noVendorClass)
    #expect(
      try refusal { $0[6] = vendor([0, 0, 1, 0x57], "MSFT 5.0") } == .otherVendorClass("MSFT 5.0"))
    #expect(
      try refusal { $0[6] = vendor([0, 0, 0, 9], "PXEClient") } == .otherVendorClass("PXEClient"))
    #expect(
      try refusal {
        $0[6] = vendor([0, 0, 1, 0x57], "PXEClient")
        $0[5].bytes = [7]
      } == .unknownArchitecture)
  }

  @Test func theTextTellsTheArchitectureWhereTheOptionDoesNot() throws {
    var question = try RelayedMessage(parsing: Recorded.pxeSolicit)
    question.message.options.removeAll { $0.code == .clientArchitecture }
    #expect(try BootClientV6(question, from: .client).architecture == 7)
  }

  @Test func theOldestIsForgotten() throws {
    var known = KnownHardware(most: 2)
    let template = try BootClientV6(RelayedMessage(parsing: Recorded.pxeSolicit), from: .client)
    func client(_ number: UInt8, _ mac: MACAddress?) throws -> BootClientV6 {
      var client = template
      client.duid = try #require(DUID([0, 4, number]))
      client.mac = mac
      return client
    }
    for number in [1, 2, 1, 3] as [UInt8] {
      var asks = try client(number, MACAddress(value: UInt64(number) << 8))
      known.complete(&asks)
    }
    #expect(known.count == 2)
    for (number, isKnown) in [(1, false), (2, true), (3, true)] as [(UInt8, Bool)] {
      var asks = try client(number, nil)
      known.complete(&asks)
      #expect((asks.mac != nil) == isKnown)
    }
  }
}

@Suite struct DUIDTests {
  @Test func hardwareIsReadOutOfTwoKinds() {
    let mac: [UInt8] = [0x52, 0x54, 0, 0xaa, 0, 2]
    #expect(DUID([0, 3, 0, 1] + mac)?.hardware?.bytes == mac)
    #expect(DUID([0, 1, 0, 1, 9, 9, 9, 9] + mac)?.hardware?.bytes == mac)
    #expect(DUID([0, 3, 0, 6] + mac)?.hardware == nil)
    #expect(DUID([0, 3, 0, 1] + mac + [0])?.hardware == nil)
    #expect(DUID([0, 3, 0, 1])?.hardware == nil)
    #expect(DUID([0, 1, 0, 1])?.hardware == nil)
    #expect(DUID([0, 4, 0, 1] + mac)?.hardware == nil)
  }

  @Test func lengthsAreBounded() {
    #expect(DUID([0, 4]) == nil)
    #expect(DUID([0, 2, 1]) != nil)
    #expect(DUID([UInt8](repeating: 0, count: 130)) != nil)
    #expect(DUID([UInt8](repeating: 0, count: 131)) == nil)
  }

  @Test func oursIsAUUIDOfVersion8() {
    let ours = DUID(server: MACAddress(value: 0x5254_00aa_0002))
    #expect(ours.description == "000446696e6f000080008000525400aa0002")
    #expect(ours.uuidBytes?.count == 16)
    #expect(ours.hardware == nil)
  }
}
