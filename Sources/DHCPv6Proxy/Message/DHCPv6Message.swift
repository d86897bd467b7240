/// DHCPv6Proxy: a message between client and server, as it stands on the wire.

package import Wire

/// RFC 8415 §8:
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |    msg-type   |               transaction-id                  |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///     |                            options (variable)                 |
///     +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
package struct DHCPv6Message: Equatable, Sendable {
  package var type: DHCPv6MessageType
  /// 24 bits; the high byte is 0.
  package var transaction: UInt32
  /// In wire order.
  package var options: [DHCPv6Option]

  package init(type: DHCPv6MessageType, transaction: UInt32, options: [DHCPv6Option]) {
    self.type = type
    self.transaction = transaction & 0xff_ffff
    self.options = options
  }

  /// Throws also for a relay's message, which has another header (`RelayedMessage` reads both).
  package init(parsing bytes: [UInt8]) throws(WireError) {
    var reader = ByteReader(bytes)
    try self.init(parsing: &reader)
  }

  init(parsing reader: inout ByteReader) throws(WireError) {
    let header = try reader.readUInt32("msg-type and transaction-id")
    type = DHCPv6MessageType(rawValue: UInt8(truncatingIfNeeded: header >> 24))
    guard type != .relayForward, type != .relayReply else {
      throw reader.invalid("msg-type", "is a relay's", back: 4)
    }
    transaction = header & 0xff_ffff
    options = try DHCPv6Option.list(parsing: &reader)
  }

  package func encode(into writer: inout ByteWriter) throws(WireError) {
    writer.write(UInt32(type.rawValue) << 24 | transaction & 0xff_ffff)
    for option in options { try option.encode(into: &writer) }
  }
}
