/// IPMI: the second and last step of a login of IPMI 1.5.

package import Wire

/// IPMI 2.0 §22.17: authentication type, highest privilege, challenge, the number with which the BMC
/// begins to count its packets.
package struct ActivateSession: IPMICommand {
  package static let networkFunction = NetworkFunction.app
  package static let code: UInt8 = 0x3a
  package static let name = "Activate Session"
  package static let meanings: [UInt8: String] = [
    0x81: "the BMC has no free session", 0x82: "no free session for this user",
    0x83: "no free session at this privilege", 0x84: "a sequence number is out of range",
    0x85: "the session id is not valid",
    0x86: "the privilege is above the user's or channel's limit",
  ]

  package var authenticationType: UInt8
  package var privilege: PrivilegeLevel
  /// Sixteen bytes.
  package var challenge: [UInt8]
  /// Not 0.
  package var outboundSequence: UInt32

  package init(
    authenticationType: UInt8, privilege: PrivilegeLevel, challenge: [UInt8],
    outboundSequence: UInt32
  ) {
    self.authenticationType = authenticationType
    self.privilege = privilege
    self.challenge = challenge
    self.outboundSequence = outboundSequence
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    authenticationType = try reader.readUInt8("authentication type") & 0x0f
    guard let level = PrivilegeLevel(rawValue: try reader.readUInt8("privilege") & 0x0f) else {
      throw reader.invalid("privilege", "is not a level", back: 1)
    }
    privilege = level
    challenge = Array(try reader.readBytes(16, "challenge"))
    outboundSequence = try reader.readUInt32LE("outbound sequence")
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write([authenticationType, privilege.rawValue])
    writer.write(challenge)
    writer.writeLE(outboundSequence)
  }

  package struct Response: CommandData {
    /// Of the packets from now on.
    package var authenticationType: UInt8
    package var sessionID: UInt32
    /// Of our first packet.
    package var inboundSequence: UInt32
    package var privilege: UInt8

    package init(
      authenticationType: UInt8, sessionID: UInt32, inboundSequence: UInt32, privilege: UInt8
    ) {
      self.authenticationType = authenticationType
      self.sessionID = sessionID
      self.inboundSequence = inboundSequence
      self.privilege = privilege
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      authenticationType = try reader.readUInt8("authentication type") & 0x0f
      sessionID = try reader.readUInt32LE("session id")
      inboundSequence = try reader.readUInt32LE("inbound sequence")
      privilege = try reader.readUInt8("privilege") & 0x0f
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write(authenticationType)
      writer.writeLE(sessionID)
      writer.writeLE(inboundSequence)
      writer.write(privilege)
    }
  }
}
