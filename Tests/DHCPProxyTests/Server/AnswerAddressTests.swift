/// Tests of DHCPProxy: which address of ours a client is given, and to whom a message was sent.

import Testing
import Wire

@testable import DHCPProxy

@Suite struct AnswerAddressTests {
  private let networks = [
    IPv4Network(IPv4Address(10, 1, 0, 2), prefixLength: 24),
    IPv4Network(IPv4Address(10, 2, 0, 2), prefixLength: 24),
    IPv4Network(IPv4Address(10, 3, 0, 2), prefixLength: 24),
  ]

  private func address(
    _ question: [UInt8], leased: IPv4Address? = nil, route: IPv4Address? = nil
  ) throws -> IPv4Address? {
    AnswerAddress(networks: networks, leased: leased, route: { _ in route })
      .address(for: try DHCPMessage(parsing: question))
  }

  @Test func theRelayComesFirstThenTheClientThenTheServer() throws {
    let leased = IPv4Address(10, 3, 0, 50)
    let requested = DHCPOption(.requestedAddress, [10, 2, 0, 60])
    #expect(try address(BootQuestion.bytes()) == IPv4Address(10, 1, 0, 2))
    #expect(try address(BootQuestion.bytes(), leased: leased) == IPv4Address(10, 3, 0, 2))
    #expect(
      try address(BootQuestion.bytes(.discover, [requested]), leased: leased)
        == IPv4Address(10, 2, 0, 2))
    #expect(
      try address(
        BootQuestion.bytes(ciaddr: IPv4Address(10, 1, 0, 9), [requested]), leased: leased)
        == IPv4Address(10, 1, 0, 2))
    #expect(
      try address(BootQuestion.bytes(giaddr: IPv4Address(10, 2, 0, 1)), leased: leased)
        == IPv4Address(10, 2, 0, 2))
  }

  @Test func aRelayFarAwayIsReachedAsTheKernelSays() throws {
    let far = BootQuestion.bytes(giaddr: IPv4Address(172, 16, 0, 1))
    #expect(try address(far, route: IPv4Address(10, 3, 0, 2)) == IPv4Address(10, 3, 0, 2))
    #expect(try address(far) == IPv4Address(10, 1, 0, 2))
  }

  @Test func leasesAreReadOutOfWhatOthersSay() throws {
    func leased(_ bytes: [UInt8]) throws -> IPv4Address? {
      AnswerAddress.leased(in: try DHCPMessage(parsing: bytes))
    }
    let address = IPv4Address(10, 2, 0, 99)
    let requested = DHCPOption(.requestedAddress, address.bytes)
    let server = DHCPOption(.serverIdentifier, [10, 2, 0, 1])
    #expect(try leased(BootQuestion.offer(of: address)) == address)
    #expect(try leased(BootQuestion.offer(of: .any)) == nil)
    #expect(try leased(BootQuestion.bytes(.request, [requested, server])) == address)
    #expect(try leased(BootQuestion.bytes(.request, [requested])) == nil)
    #expect(try leased(BootQuestion.bytes(.discover, [requested, server])) == nil)
  }

  @Test func aCapturedMessageIsForUsForEverybodyOrPassesThrough() {
    let networks = self.networks + [IPv4Network(IPv4Address(10, 9, 0, 0), prefixLength: 31)]
    func destination(_ address: IPv4Address) -> CapturedDestination {
      // 192.0.2.7 is an address of another interface; everything else is behind a router.
      CapturedDestination(
        address, networks: networks,
        route: { $0 == IPv4Address(192, 0, 2, 7) ? $0 : IPv4Address(10, 1, 0, 2) })
    }
    #expect(destination(.broadcast) == .everybody)
    #expect(destination(IPv4Address(10, 2, 0, 255)) == .everybody)
    #expect(destination(IPv4Address(10, 3, 0, 2)) == .us(IPv4Address(10, 3, 0, 2)))
    #expect(destination(IPv4Address(192, 0, 2, 7)) == .us(IPv4Address(192, 0, 2, 7)))
    // Both addresses of a /31 are hosts (RFC 3021).
    #expect(destination(IPv4Address(10, 9, 0, 1)) == .another)
    for other in [IPv4Address(10, 2, 0, 3), .any, IPv4Address(127, 0, 0, 1), .init(224, 0, 0, 1)] {
      #expect(destination(other) == .another)
    }
  }
}
