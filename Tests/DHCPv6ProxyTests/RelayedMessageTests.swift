/// Tests of DHCPv6Proxy: what relay agents put around a message.

import Testing
import Wire

@testable import DHCPv6Proxy

@Suite struct RelayedMessageTests {
  private static func hops(_ count: Int) -> [RelayHop] {
    (0..<count).map { index in
      RelayHop(
        count: UInt8(count - 1 - index), linkAddress: .ours, peerAddress: .client,
        options: [DHCPv6Option(.interfaceIdentifier, Array("port\(index)".utf8))])
    }
  }

  private static let message = DHCPv6Message(
    type: .solicit, transaction: 7, options: [DHCPv6Option(.clientIdentifier, [0, 3, 0, 1])])

  @Test(arguments: [0, 1, 2, 8])
  func relaysComeBackOutermostFirst(_ count: Int) throws {
    let whole = RelayedMessage(hops: Self.hops(count), message: Self.message)
    #expect(try RelayedMessage(parsing: whole.bytes) == whole)
  }

  /// RFC 8415 §9 and §19.3, byte by byte.
  @Test func theAnswerGoesBackThroughTheSameRelays() throws {
    var writer = ByteWriter()
    let reply = DHCPv6Message(type: .reply, transaction: 7, options: [])
    try RelayedMessage(hops: Self.hops(2), message: reply).encodeReply(into: &writer)
    let header = IPv6Address.ours.bytes + IPv6Address.client.bytes
    let inner = [13, 0] + header + [0, 18, 0, 5] + Array("port1".utf8) + [0, 9, 0, 4, 7, 0, 0, 7]
    let outer =
      [13, 1] + header + [0, 18, 0, 5] + Array("port0".utf8) + [0, 9, 0, UInt8(inner.count)] + inner
    #expect(writer.bytes == outer)
  }

  @Test func nineRelaysAreTooMany() throws {
    let bytes = try RelayedMessage(hops: Self.hops(9), message: Self.message).bytes
    let error = #expect(throws: WireError.self) { try RelayedMessage(parsing: bytes) }
    #expect(error?.description.hasSuffix("came through more than 8 relays") == true)
  }

  @Test func eachProperPrefixThrows() throws {
    let bytes = try RelayedMessage(hops: Self.hops(2), message: Self.message).bytes
    for count in 0..<bytes.count {
      #expect(throws: WireError.self) { try RelayedMessage(parsing: Array(bytes.prefix(count))) }
    }
  }

  @Test func aRelayWithoutAMessageIsMalformed() {
    let bytes: [UInt8] = [12, 0] + [UInt8](repeating: 0, count: 32)
    #expect(throws: WireError.self) { try RelayedMessage(parsing: bytes) }
    // An answer to a relay is for no server.
    #expect(throws: WireError.self) { try RelayedMessage(parsing: [13] + bytes.dropFirst()) }
    // Nor is one inside of a question.
    let inside = [0, 9, 0, 34, 13] + [UInt8](repeating: 0, count: 33)
    #expect(throws: WireError.self) { try RelayedMessage(parsing: bytes + inside) }
  }

  @Test func anInnerErrorHasThePlaceInTheWhole() {
    let bytes: [UInt8] =
      [12, 0] + [UInt8](repeating: 0, count: 32) + [0, 9, 0, 7, 1, 0, 0, 1, 0, 1, 0]
    let error = #expect(throws: WireError.self) { try RelayedMessage(parsing: bytes) }
    #expect(error?.offset == 44)
  }
}
