/// IPMI: switches the serial console on in a session.

package import Wire

/// IPMI 2.0 §24.1: payload type, instance, four bytes of which the first says how its packets are
/// protected.
package struct ActivatePayload: IPMICommand {
  package static let networkFunction = NetworkFunction.app
  package static let code: UInt8 = 0x48
  package static let name = "Activate Payload"
  /// The console's own setting decides; so the most that the session can have.
  package static let privilege = PrivilegeLevel.administrator
  /// The BMC may have done it; its second answer would be "already active".
  package static let isIdempotent = true
  package static let meanings: [UInt8: String] = [
    0x80: "somebody else has it already", 0x81: "it is disabled for this user or channel",
    0x82: "too many are active", 0x83: "it cannot be encrypted", 0x84: "it must be encrypted",
  ]

  package var instance: UInt8 = 1
  package var isEncrypted: Bool
  package var isAuthenticated: Bool

  package init(isEncrypted: Bool, isAuthenticated: Bool) {
    self.isEncrypted = isEncrypted
    self.isAuthenticated = isAuthenticated
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    try reader.skip(1, "payload type")
    instance = try reader.readUInt8("payload instance")
    let flags = try reader.readUInt8("auxiliary data")
    isEncrypted = flags & 0x80 != 0
    isAuthenticated = flags & 0x40 != 0
    try reader.skip(3, "auxiliary data")
  }

  package func encode(into writer: inout ByteWriter) {
    // Bits 3…2: alerts are deferred while somebody types.
    let flags: UInt8 = (isEncrypted ? 0x80 : 0) | (isAuthenticated ? 0x40 : 0) | 0x04
    writer.write([PayloadType.serialOverLAN.rawValue, instance, flags, 0, 0, 0])
  }

  package struct Response: CommandData {
    /// The most bytes of a packet to the BMC, its four header bytes included.
    package var inboundSize: UInt16
    package var outboundSize: UInt16
    /// Some send it big endian, and nobody known another one than that of the session: not used.
    package var port: UInt16

    package init(inboundSize: UInt16, outboundSize: UInt16, port: UInt16) {
      self.inboundSize = inboundSize
      self.outboundSize = outboundSize
      self.port = port
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      try reader.skip(4, "auxiliary data")
      inboundSize = try reader.readUInt16LE("inbound payload size")
      outboundSize = try reader.readUInt16LE("outbound payload size")
      port = try reader.readUInt16LE("UDP port")
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write([0, 0, 0, 0])
      writer.writeLE(inboundSize)
      writer.writeLE(outboundSize)
      writer.writeLE(port)
      writer.write([0xff, 0xff])
    }
  }
}
