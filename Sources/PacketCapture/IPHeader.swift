/// PacketCapture: the header of an IP packet, of either version.

import Wire

/// Who sent a packet to whom, and what is in it.
struct IPHeader {
  var source: IPAddress
  var destination: IPAddress
  /// The protocol behind the header and all its extensions; UDP is 17.
  var nextHeader: UInt8
  var payload: ByteReader

  /// RFC 791 §3.1. nil for a later fragment.
  init?(parsing4 reader: inout ByteReader) throws(WireError) {
    let version = try reader.readUInt8("version and length")
    guard version >> 4 == 4, version & 15 >= 5 else {
      throw reader.invalid("version and length", "is no IPv4 header", back: 1)
    }
    try reader.skip(1, "type of service")
    let length = Int(try reader.readUInt16("total length"))
    try reader.skip(2, "identification")
    let fragment = try reader.readUInt16("fragment")
    try reader.skip(1, "time to live")
    nextHeader = try reader.readUInt8("protocol")
    try reader.skip(2, "checksum")
    source = .v4(IPv4Address(value: try reader.readUInt32("source address")))
    destination = .v4(IPv4Address(value: try reader.readUInt32("destination address")))
    let headerLength = Int(version & 15) * 4
    try reader.skip(headerLength - 20, "IP options")
    guard fragment & 0x1fff == 0 else { return nil }
    payload = try reader.readReader(length - headerLength, "IP payload")
  }

  /// RFC 8200 §3 and §4: extension headers are passed over. nil for a later fragment.
  init?(parsing6 reader: inout ByteReader) throws(WireError) {
    let version = try reader.readUInt8("version")
    guard version >> 4 == 6 else { throw reader.invalid("version", "is no IPv6 header", back: 1) }
    try reader.skip(3, "flow label")
    let length = Int(try reader.readUInt16("payload length"))
    nextHeader = try reader.readUInt8("next header")
    try reader.skip(1, "hop limit")
    guard let source = IPv6Address(bytes: try reader.readBytes(16, "source address")),
      let destination = IPv6Address(bytes: try reader.readBytes(16, "destination address"))
    else { return nil }
    self.source = .v6(source)
    self.destination = .v6(destination)
    payload = try reader.readReader(length, "IP payload")
    // Hop-by-hop 0, routing 43, fragment 44, destination options 60.
    while [0, 43, 44, 60].contains(nextHeader) {
      let kind = nextHeader
      nextHeader = try payload.readUInt8("next header")
      let units = Int(try payload.readUInt8("extension length"))
      if kind == 44 {
        guard try payload.readUInt16("fragment") >> 3 == 0 else { return nil }
        try payload.skip(4, "identification")
      } else {
        try payload.skip(6 + units * 8, "extension header")
      }
    }
  }
}
