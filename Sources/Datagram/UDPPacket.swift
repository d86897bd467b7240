/// Datagram: an IPv4 packet with a UDP datagram in it, as it goes into a frame.

package import Wire

/// RFC 791 §3.1 and RFC 768:
///
///      0                   1                   2                   3
///     +-------+-------+---------------+-------------------------------+
///     |   4   | words |    service    |         total length          |
///     +-------+-------+---------------+-------------------------------+
///     |        identification         |  flags (3) · fragment (13)    |
///     +---------------+---------------+-------------------------------+
///     | time to live  | protocol (17) |        header checksum        |
///     +---------------+---------------+-------------------------------+
///     |      source address (4)  ·  destination address (4)  · options |
///     +-------------------------------+-------------------------------+
///     |          source port          |       destination port        |
///     +-------------------------------+-------------------------------+
///     |          UDP length           |         UDP checksum          |
///     +-------------------------------+-------------------------------+
package struct UDPPacket: Equatable, Sendable {
  package let source: IPv4Address
  package let sourcePort: UInt16
  package let destination: IPv4Address
  package let destinationPort: UInt16
  package let payload: [UInt8]

  private static let headers = 28

  /// nil when the payload does not fit an IPv4 packet, or an address is of IPv6.
  package init?(source: Endpoint, destination: Endpoint, payload: [UInt8]) {
    guard payload.count <= Int(UInt16.max) - Self.headers, let from = source.address.v4,
      let to = destination.address.v4
    else { return nil }
    self.source = from
    sourcePort = source.port
    self.destination = to
    destinationPort = destination.port
    self.payload = payload
  }

  /// Reads a whole packet; what stands behind its total length is the frame's padding. Checksums are
  /// not verified: what was sent on this host, or by a virtual machine on it, carries unfinished
  /// ones, and what came over a cable was checked there. Throws for other protocols and fragments.
  package init(parsing bytes: [UInt8]) throws(WireError) {
    var frame = ByteReader(bytes)
    let first = try frame.readUInt8("version and header length")
    let headerLength = Int(first & 15) * 4
    guard first >> 4 == 4, headerLength >= 20 else {
      throw frame.invalid("version and header length", "is no IPv4 header", back: 1)
    }
    try frame.skip(1, "service")
    let totalLength = Int(try frame.readUInt16("total length"))
    var packet = try frame.readReader(totalLength - 4, "packet")
    try packet.skip(2, "identification")
    guard try packet.readUInt16("fragment") & 0x3fff == 0 else {
      throw packet.invalid("fragment", "is not the whole datagram", back: 2)
    }
    try packet.skip(1, "time to live")
    guard try packet.readUInt8("protocol") == 17 else {
      throw packet.invalid("protocol", "is not UDP", back: 1)
    }
    try packet.skip(2, "header checksum")
    source = IPv4Address(value: try packet.readUInt32("source address"))
    destination = IPv4Address(value: try packet.readUInt32("destination address"))
    try packet.skip(headerLength - 20, "IP options")
    sourcePort = try packet.readUInt16("source port")
    destinationPort = try packet.readUInt16("destination port")
    let length = Int(try packet.readUInt16("UDP length"))
    try packet.skip(2, "UDP checksum")
    payload = Array(try packet.readBytes(length - 8, "UDP payload"))
  }

  /// Without IP options, never to be fragmented.
  package func encode(into writer: inout ByteWriter) {
    // Never more than 65,535, as `init` and a total length of 16 bits have it.
    let udpLength = UInt16(truncatingIfNeeded: 8 + payload.count)
    let totalLength = udpLength &+ 20
    let addresses = Self.words(source.value) &+ Self.words(destination.value)
    let headerSum = Self.folded(0x4500 &+ UInt32(totalLength) &+ 0x4000 &+ 0x4011 &+ addresses)
    // The sum runs over a pseudo header as well: addresses, protocol, UDP length. A result of 0 is
    // sent as all ones, because 0 means "none".
    let pseudo = addresses &+ 17 &+ UInt32(udpLength)
    let header = UInt32(sourcePort) &+ UInt32(destinationPort) &+ UInt32(udpLength)
    let sum = Self.folded(pseudo &+ header &+ Self.sum(payload))

    writer.write(UInt32(0x4500) << 16 | UInt32(totalLength))
    writer.write(UInt32(0x4000))  // no identification, don't fragment
    writer.write(UInt32(0x4011) << 16 | UInt32(headerSum))  // TTL 64, protocol UDP
    writer.write(source.value)
    writer.write(destination.value)
    writer.write(UInt32(sourcePort) << 16 | UInt32(destinationPort))
    writer.write(UInt32(udpLength) << 16 | UInt32(sum == 0 ? 0xffff : sum))
    writer.write(payload)
  }

  package var bytes: [UInt8] {
    var writer = ByteWriter(capacity: Self.headers + payload.count)
    encode(into: &writer)
    return writer.bytes
  }

  /// The Internet checksum (RFC 1071): ones' complement of the ones' complement sum of 16-bit words.
  package static func checksum(_ bytes: [UInt8]) -> UInt16 {
    folded(sum(bytes))
  }

  private static func folded(_ sum: UInt32) -> UInt16 {
    var sum = sum
    while sum > 0xffff { sum = sum & 0xffff &+ sum >> 16 }
    return ~UInt16(truncatingIfNeeded: sum)
  }

  private static func words(_ value: UInt32) -> UInt32 {
    value >> 16 &+ value & 0xffff
  }

  /// At most 32,768 words of 16 bits and a few of headers: they can't overflow.
  private static func sum(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { bytes in
      var sum: UInt32 = 0
      var index = 0
      while index &+ 1 < bytes.count {
        sum &+= UInt32(bytes[index]) << 8 | UInt32(bytes[index &+ 1])
        index &+= 2
      }
      if index < bytes.count { sum &+= UInt32(bytes[index]) << 8 }
      return sum
    }
  }
}
