/// Power: the datagram that wakes a machine.

package import Wire

/// Six bytes 0xff, then the MAC address sixteen times (AMD, Magic Packet Technology, 20213).
package struct MagicPacket: Equatable, Sendable {
  package var address: MACAddress

  package init(_ address: MACAddress) {
    self.address = address
  }

  package init(parsing bytes: [UInt8]) throws(WireError) {
    var reader = ByteReader(bytes)
    guard try reader.readBytes(6, "synchronization").allSatisfy({ $0 == 0xff }) else {
      throw reader.invalid("synchronization", "is not six times 0xff", back: 6)
    }
    let first = Array(try reader.readBytes(6, "address"))
    for _ in 1..<16 {
      guard Array(try reader.readBytes(6, "address")) == first else {
        throw reader.invalid("address", "is not the same sixteen times", back: 6)
      }
    }
    try reader.finish("magic packet")
    guard let address = MACAddress(bytes: first) else {
      throw reader.invalid("address", "is not a MAC address", back: 6)
    }
    self.address = address
  }

  package var bytes: [UInt8] {
    Array(repeating: 0xff, count: 6) + (0..<16).flatMap { _ in address.bytes }
  }
}
