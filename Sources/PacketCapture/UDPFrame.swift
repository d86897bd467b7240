/// PacketCapture: the UDP datagram in an Ethernet frame.

package import Wire

/// Ethernet II (802.1Q tags are passed over), IPv4 or IPv6, UDP. Checksums are not verified: frames
/// that were captured on their way out, and those of virtual links, carry unfinished ones.
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
    guard let sourceHardware, let destinationHardware else { return nil }
    let header: IPHeader?
    switch type {
    case 0x0800: header = try IPHeader(parsing4: &reader)
    case 0x86dd: header = try IPHeader(parsing6: &reader)
    default: return nil
    }
    guard let header, header.nextHeader == 17 else { return nil }

    var packet = header.payload
    let sourcePort = try packet.readUInt16("source port")
    let destinationPort = try packet.readUInt16("destination port")
    let udpLength = Int(try packet.readUInt16("UDP length"))
    try packet.skip(2, "UDP checksum")
    payload = Array(try packet.readBytes(udpLength - 8, "UDP payload"))
    self.sourceHardware = sourceHardware
    self.destinationHardware = destinationHardware
    source = Endpoint(header.source, sourcePort)
    destination = Endpoint(header.destination, destinationPort)
  }
}
