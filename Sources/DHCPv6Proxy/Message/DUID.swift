/// DHCPv6Proxy: options 1 and 2, by which clients and servers know each other (RFC 8415 §11).

package import Wire

/// A DHCP unique identifier. To others it is opaque: only equality counts. What it was made of is
/// read nevertheless, since it is often all that tells which machine asks.
package struct DUID: Hashable, Sendable {
  /// 3 to 130 bytes, type included.
  package let bytes: [UInt8]

  /// nil for a length that no identifier has (RFC 8415 §11.1).
  package init?(_ bytes: [UInt8]) {
    guard (3...130).contains(bytes.count) else { return nil }
    self.bytes = bytes
  }

  /// Ours: a UUID of version 8 (RFC 9562 §5.8) made from an interface's address, so that it is the
  /// same after each start. Not the DUID-LL of that address: another DHCPv6 server on this host may
  /// have that one.
  package init(server mac: MACAddress) {
    bytes = [0, 4] + Array("Fino".utf8) + [0, 0, 0x80, 0, 0x80, 0] + mac.bytes
  }

  private var type: Int { Int(bytes[0]) << 8 | Int(bytes[1]) }

  /// The Ethernet address in a DUID-LLT (1) or DUID-LL (3): one of the machine's, not always of the
  /// interface that asks.
  package var hardware: MACAddress? {
    let isEthernet = bytes.dropFirst(2).starts(with: [0, 1])
    let mac: MACAddress?
    switch type {
    case 1 where isEthernet: mac = MACAddress(bytes: bytes.dropFirst(8))
    case 3 where isEthernet: mac = MACAddress(bytes: bytes.dropFirst(4))
    default: mac = nil
    }
    return mac.flatMap { $0.isUnicast ? $0 : nil }
  }

  /// The sixteen bytes of a DUID-UUID (4, RFC 6355).
  package var uuidBytes: [UInt8]? {
    type == 4 && bytes.count == 18 ? Array(bytes[2...]) : nil
  }
}

extension DUID: CustomStringConvertible {
  package var description: String { HexDump.plain(bytes) }
}
