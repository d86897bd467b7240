/// Datagram: UDP to a machine that has no address yet, in a frame to its hardware address.

import CSockets
import Glibc
package import Wire

/// Sends UDP datagrams in link-layer frames: a client without an IP address cannot be asked for its
/// hardware address by ARP, but DHCP told it (RFC 2131 §4.1).
package struct RawFrameSocket: ~Copyable, Sendable {
  private let descriptor: Int32
  private let interfaceIndex: Int32

  /// Needs CAP_NET_RAW.
  package init(interface: NetworkInterface) throws(SocketError) {
    interfaceIndex = Int32(clamping: interface.index)
    descriptor = fino_packet_open(interfaceIndex)
    guard descriptor >= 0 else {
      throw SocketError("send raw frames on \(interface.name)", code: -descriptor)
    }
  }

  deinit {
    close(descriptor)
  }

  /// Never blocks; what the kernel does not take is lost, as it would be on the wire.
  package func send(
    _ payload: [UInt8], from source: Endpoint, to destination: Endpoint, hardware: MACAddress
  ) {
    guard let packet = UDPPacket(source: source, destination: destination, payload: payload)?.bytes
    else { return }
    _ = fino_packet_send(descriptor, interfaceIndex, hardware.bytes, packet, packet.count)
  }
}

/// An IPv4 packet with a UDP datagram in it, without options and never fragmented
/// (RFC 791 §3.1, RFC 768).
package struct UDPPacket {
  package let bytes: [UInt8]

  /// nil when the payload does not fit an IPv4 packet, or an address is of IPv6.
  package init?(source: Endpoint, destination: Endpoint, payload: [UInt8]) {
    guard let length = UInt16(exactly: 28 + payload.count), let from = source.address.v4,
      let to = destination.address.v4
    else { return nil }
    var udp = ByteWriter(capacity: 8 + payload.count)
    udp.write(source.port)
    udp.write(destination.port)
    udp.write(length - 20)
    udp.write(UInt16(0))
    udp.write(payload)
    // The sum runs over a pseudo header: addresses, protocol, UDP length. A result of 0 is sent as
    // all ones, because 0 means "none".
    let pseudo = from.bytes + to.bytes + [0, 17]
    let sum = Self.checksum(pseudo + udp.bytes[4..<6] + udp.bytes)

    var header = ByteWriter(capacity: 20)
    header.write([0x45, 0])
    header.write(length)
    header.write([0, 0, 0x40, 0, 64, 17])  // don't fragment, TTL 64, protocol UDP
    header.write(UInt16(0))
    header.write(from.bytes)
    header.write(to.bytes)
    bytes =
      Self.placing(Self.checksum(header.bytes), at: 10, in: header.bytes)
      + Self.placing(sum == 0 ? 0xffff : sum, at: 6, in: udp.bytes)
  }

  private static func placing(_ sum: UInt16, at offset: Int, in bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    bytes[offset] = UInt8(truncatingIfNeeded: sum >> 8)
    bytes[offset + 1] = UInt8(truncatingIfNeeded: sum)
    return bytes
  }

  /// The Internet checksum (RFC 1071): ones' complement of the ones' complement sum of 16-bit words.
  package static func checksum(_ bytes: [UInt8]) -> UInt16 {
    var sum: UInt32 = 0
    for index in stride(from: 0, to: bytes.count, by: 2) {
      sum &+= UInt32(bytes[index]) << 8
      if index + 1 < bytes.count { sum &+= UInt32(bytes[index + 1]) }
    }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    return ~UInt16(truncatingIfNeeded: sum)
  }
}
