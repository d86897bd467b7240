/// IPMI: the four bytes in front of every datagram to or from a BMC.

package import Wire

// ASF 2.0 §3.2.1, IPMI 2.0 §13.1.3
//
//   0         1          2          3
//  +---------+----------+----------+-------+
//  | version | reserved | sequence | class |
//  +---------+----------+----------+-------+

/// Everything in IPMI is little endian, but this header has only single bytes.
package struct RMCPHeader: Equatable, Sendable {
  package struct MessageClass: RawRepresentable, Hashable, Sendable {
    package var rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let asf = MessageClass(rawValue: 0x06)
    package static let ipmi = MessageClass(rawValue: 0x07)
  }

  /// RMCP 1.0.
  package static let version: UInt8 = 0x06

  /// 0xff: no RMCP acknowledgement is wanted, as always with IPMI.
  package var sequence: UInt8
  package var messageClass: MessageClass
  /// Bit 7 of the class byte: a bare acknowledgement, with nothing behind it.
  package var isAcknowledgement: Bool

  package init(
    sequence: UInt8 = 0xff, messageClass: MessageClass = .ipmi, isAcknowledgement: Bool = false
  ) {
    self.sequence = sequence
    self.messageClass = messageClass
    self.isAcknowledgement = isAcknowledgement
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    let version = try reader.readUInt8("RMCP version")
    guard version == Self.version else {
      throw reader.invalid("RMCP version", "is not 6", back: 1)
    }
    try reader.skip(1, "RMCP reserved")
    sequence = try reader.readUInt8("RMCP sequence")
    let raw = try reader.readUInt8("RMCP class")
    messageClass = MessageClass(rawValue: raw & 0x1f)
    isAcknowledgement = raw & 0x80 != 0
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(Self.version)
    writer.write(0 as UInt8)
    writer.write(sequence)
    writer.write(messageClass.rawValue | (isAcknowledgement ? 0x80 : 0))
  }
}
