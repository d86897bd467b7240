/// Tests of PacketCapture: UDP in IPv6 frames; those of IPv4 are in the captures.

import Testing
import Wire

@testable import PacketCapture

@Suite struct UDPFrameTests {
  private static let ethernet: [UInt8] =
    [0x33, 0x33, 0, 1, 0, 2] + [0x52, 0x54, 0, 0x77, 0, 6] + [0x86, 0xdd]
  private static let datagram: [UInt8] = [2, 0x22, 2, 0x23, 0, 11, 0, 0, 1, 2, 3]

  /// fe80::1 to ff02::1:2.
  private static func packet(_ nextHeader: UInt8, _ payload: [UInt8]) -> [UInt8] {
    [0x60, 0, 0, 0, 0, UInt8(payload.count), nextHeader, 1]
      + [0xfe, 0x80] + [UInt8](repeating: 0, count: 13) + [1]
      + [0xff, 2] + [UInt8](repeating: 0, count: 11) + [1, 0, 2] + payload
  }

  @Test func readsIPv6() throws {
    let frame = Self.ethernet + Self.packet(17, Self.datagram)
    let datagram = try #require(try UDPFrame(parsing: frame))
    #expect(datagram.source.description == "[fe80::1]:546")
    #expect(datagram.destination.description == "[ff02::1:2]:547")
    #expect(datagram.sourceHardware.description == "52:54:00:77:00:06")
    #expect(datagram.payload == [1, 2, 3])
    for count in 0..<frame.count {
      #expect(throws: WireError.self) { try UDPFrame(parsing: Array(frame.prefix(count))) }
    }
  }

  @Test func passesOverExtensionHeaders() throws {
    let options: [UInt8] = [17, 1] + [UInt8](repeating: 0, count: 14)
    #expect(
      try UDPFrame(parsing: Self.ethernet + Self.packet(60, options + Self.datagram))?.payload
        == [1, 2, 3])
    let first: [UInt8] = [17, 0, 0, 1, 0, 0, 0, 9]
    #expect(
      try UDPFrame(parsing: Self.ethernet + Self.packet(44, first + Self.datagram))?.payload
        == [1, 2, 3])
  }

  @Test func whatIsNotTheBeginningOfADatagramIsNone() throws {
    let later: [UInt8] = [17, 0, 0, 8, 0, 0, 0, 9]
    #expect(try UDPFrame(parsing: Self.ethernet + Self.packet(44, later + [1, 2])) == nil)
    #expect(try UDPFrame(parsing: Self.ethernet + Self.packet(58, [133, 0, 0, 0])) == nil)
  }

  @Test func aChainOfHeadersThatNeverEndsIsTruncated() {
    let endless = Self.packet(0, [UInt8](repeating: 0, count: 200))
    #expect(throws: WireError.self) { try UDPFrame(parsing: Self.ethernet + endless) }
  }

  @Test func theVersionMustAgreeWithTheFrame() {
    var frame = Self.ethernet + Self.packet(17, Self.datagram)
    frame[14] = 0x45
    #expect(throws: WireError.self) { try UDPFrame(parsing: frame) }
  }
}
