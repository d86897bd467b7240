/// Tests of Datagram: the packet in a raw frame.

import Testing
import Wire

@testable import Datagram

@Suite struct UDPPacketTests {
  @Test func headersAndChecksumsAsTheKernelWouldMakeThem() throws {
    let packet = try #require(
      UDPPacket(
        source: Endpoint(IPv4Address(10, 77, 0, 2), 67),
        destination: Endpoint(IPAddress.broadcast, 68), payload: Array("fino!".utf8)))
    #expect(packet.bytes.count == 33)
    #expect(HexDump.plain(packet.bytes[0..<10]) == "45000021000040004011")
    // A receiver sums header and checksum to all ones.
    #expect(UDPPacket.checksum(Array(packet.bytes[0..<20])) == 0)
    let pseudo = Array(packet.bytes[12..<20]) + [0, 17] + packet.bytes[24..<26]
    #expect(UDPPacket.checksum(pseudo + packet.bytes[20...]) == 0)
  }

  @Test func refusesWhatDoesNotFit() {
    let end = Endpoint(IPAddress.loopback, 1)
    #expect(
      UDPPacket(source: end, destination: end, payload: [UInt8](repeating: 0, count: 65_508))
        == nil)
  }
}

@Suite struct UDPPacketParsingTests {
  private static func packet(_ payload: [UInt8] = Array("fino".utf8)) throws -> UDPPacket {
    try #require(
      UDPPacket(
        source: Endpoint(IPv4Address(10, 77, 0, 2), 67),
        destination: Endpoint(IPAddress.broadcast, 68), payload: payload))
  }

  @Test func thereAndBack() throws {
    for size in [0, 1, 4, 300, 1472, 65_507] {
      let packet = try Self.packet([UInt8](repeating: 0xa5, count: size))
      #expect(try UDPPacket(parsing: packet.bytes) == packet)
    }
  }

  @Test func noPartOfAPacketIsOne() throws {
    let bytes = try Self.packet().bytes
    for count in 0..<bytes.count {
      #expect(throws: WireError.self) { try UDPPacket(parsing: Array(bytes.prefix(count))) }
    }
  }

  @Test func paddingOptionsAndUnfinishedChecksumsArePassedOver() throws {
    let packet = try Self.packet()
    var bytes = packet.bytes
    bytes[26] = 0xde
    bytes[27] = 0xad
    #expect(try UDPPacket(parsing: bytes + [0, 0, 0]) == packet)
    bytes[0] = 0x46
    bytes[3] += 4
    bytes.insert(contentsOf: [1, 1, 1, 0], at: 20)
    #expect(try UDPPacket(parsing: bytes) == packet)
  }

  /// Offset, value: what may not be there.
  @Test(arguments: [
    (0, 0x65), (0, 0x44), (0, 0x4f), (2, 0xff), (3, 27), (3, 3), (6, 0x20), (7, 1), (9, 6),
    (24, 1), (25, 7), (25, 13),
  ])
  func refusesWhatIsNotTheWholeOfAUDPDatagram(_ offset: Int, _ value: Int) throws {
    var bytes = try Self.packet().bytes
    bytes[offset] = UInt8(value)
    #expect(throws: WireError.self) { try UDPPacket(parsing: bytes) }
  }
}
