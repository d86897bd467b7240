/// IPMI: the question that needs no login; also how a BMC is found to be alive.

package import Wire

/// IPMI 2.0 §22.13. Byte 0: channel (0x0e is the one asked on) and, in bit 7, "with the fields of
/// IPMI 2.0"; byte 1: the privilege wanted.
package struct GetChannelAuthenticationCapabilities: IPMICommand {
  package static let networkFunction = NetworkFunction.app
  package static let code: UInt8 = 0x38
  package static let name = "Get Channel Authentication Capabilities"

  package var channel: UInt8 = 0x0e
  package var asksForExtended: Bool
  package var privilege: PrivilegeLevel

  package init(asksForExtended: Bool = true, privilege: PrivilegeLevel) {
    self.asksForExtended = asksForExtended
    self.privilege = privilege
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    let first = try reader.readUInt8("channel")
    channel = first & 0x0f
    asksForExtended = first & 0x80 != 0
    guard let level = PrivilegeLevel(rawValue: try reader.readUInt8("privilege") & 0x0f) else {
      throw reader.invalid("privilege", "is not a level", back: 1)
    }
    privilege = level
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(channel & 0x0f | (asksForExtended ? 0x80 : 0))
    writer.write(privilege.rawValue)
  }

  /// Folklore: these flags lie on ASUS boards, Sun ELOM and Intel SR1520ML (FreeIPMI's workaround
  /// `authcap`), so they only make error messages better and never stop a login.
  package struct Response: CommandData {
    package var channel: UInt8
    /// Bit 7: the extended byte is meant. 5, 4, 2, 1, 0: OEM, password, MD5, MD2, none.
    package var authenticationTypes: UInt8
    /// Bit 5: K_g is set. 4: no per-message authentication. 3: none for users. 2…0: user names.
    package var status: UInt8
    /// Bit 1: speaks IPMI 2.0. Bit 0: speaks IPMI 1.5.
    package var extended: UInt8

    package init(channel: UInt8, authenticationTypes: UInt8, status: UInt8, extended: UInt8) {
      self.channel = channel
      self.authenticationTypes = authenticationTypes
      self.status = status
      self.extended = extended
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      channel = try reader.readUInt8("channel")
      authenticationTypes = try reader.readUInt8("authentication types")
      status = try reader.readUInt8("authentication status")
      extended = reader.remaining > 0 ? try reader.readUInt8("extended capabilities") : 0
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write([channel, authenticationTypes, status, extended])
      // The vendor's number and its auxiliary byte.
      writer.write([0, 0, 0, 0])
    }

    package var speaksRMCPPlus: Bool { authenticationTypes & 0x80 != 0 && extended & 0x02 != 0 }
    package var hasKg: Bool { status & 0x20 != 0 }
  }
}
