/// PacketCapture: the UDP datagram in an Ethernet frame.

package import Wire

/// Ethernet II (802.1Q tags are passed over), IPv4, UDP. Checksums are not verified: frames that
/// were captured on their way out, and those of virtual links, carry unfinished ones.
package struct UDPFrame: Equatable, Sendable {
  package var sourceHardware: MACAddress
  package var destinationHardware: MACAddress
  package var source: Endpoint
  package var destination: Endpoint
  package var payload: [UInt8]

  /// nil when the frame is well-formed but carries no UDP datagram, or only a later fragment of one.
  package init?(parsing bytes: [UInt8]) throws(WireError) {
    var reader = ByteReader(bytes)
    let destinationHardware = MACAddress(bytes: try reader.readBytes(6, "destination"))
    let sourceHardware = MACAddress(bytes: try reader.readBytes(6, "source"))
    var type = try reader.readUInt16("type")
    while type == 0x8100 || type == 0x88a8 {
      try reader.skip(2, "VLAN tag")
      type = try reader.readUInt16("type")
    }
    guard type == 0x0800, let sourceHardware, let destinationHardware else { return nil }

    let version = try reader.readUInt8("version and length")
    guard version >> 4 == 4, version & 15 >= 5 else {
      throw reader.invalid("version and length", "is no IPv4 header", back: 1)
    }
    try reader.skip(1, "type of service")
    let length = Int(try reader.readUInt16("total length"))
    try reader.skip(2, "identification")
    let fragment = try reader.readUInt16("fragment")
    try reader.skip(1, "time to live")
    let proto = try reader.readUInt8("protocol")
    try reader.skip(2, "checksum")
    let source = IPv4Address(value: try reader.readUInt32("source address"))
    let destination = IPv4Address(value: try reader.readUInt32("destination address"))
    let headerLength = Int(version & 15) * 4
    try reader.skip(headerLength - 20, "IP options")
    guard proto == 17, fragment & 0x1fff == 0 else { return nil }

    var packet = try reader.readReader(length - headerLength, "IP payload")
    let sourcePort = try packet.readUInt16("source port")
    let destinationPort = try packet.readUInt16("destination port")
    let udpLength = Int(try packet.readUInt16("UDP length"))
    try packet.skip(2, "UDP checksum")
    payload = Array(try packet.readBytes(udpLength - 8, "UDP payload"))
    self.sourceHardware = sourceHardware
    self.destinationHardware = destinationHardware
    self.source = Endpoint(source, sourcePort)
    self.destination = Endpoint(destination, destinationPort)
  }
}
