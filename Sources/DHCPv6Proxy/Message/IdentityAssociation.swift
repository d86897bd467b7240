/// DHCPv6Proxy: option 3, in which addresses are asked for (RFC 8415 §21.4). We have none to give.

package import Wire

/// `IAID (4) · T1 (4) · T2 (4) · options`; the addresses are options 5.
package struct IdentityAssociation: Equatable, Sendable {
  package var identifier: UInt32
  package var addresses: [IPv6Address]

  package init(parsing bytes: [UInt8]) throws(WireError) {
    var reader = ByteReader(bytes)
    identifier = try reader.readUInt32("IAID")
    try reader.skip(8, "T1 and T2")
    addresses = []
    for option in try DHCPv6Option.list(parsing: &reader) where option.code == .associatedAddress {
      // An address, its lifetimes, and options of its own.
      guard option.bytes.count >= 24, let address = IPv6Address(bytes: option.bytes.prefix(16))
      else { throw reader.invalid("IA address", "is shorter than 24 bytes") }
      addresses.append(address)
    }
  }

  /// The refusal of an address: status 2, NoAddrsAvail (RFC 8415 §18.3.2).
  static func noAddress(for identifier: UInt32) -> DHCPv6Option {
    var writer = ByteWriter(capacity: 18)
    writer.write(identifier)
    writer.write([0, 0, 0, 0, 0, 0, 0, 0])
    writer.write([0, 13, 0, 2, 0, 2])
    return DHCPv6Option(.identityAssociation, writer.bytes)
  }
}
