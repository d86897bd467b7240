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
