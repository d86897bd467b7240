/// IPMI: what a user of a BMC may do on a channel.

package import Wire

/// IPMI 2.0 §22.27.
package struct GetUserAccess: IPMICommand {
  package static let networkFunction = NetworkFunction.app
  package static let code: UInt8 = 0x44
  package static let name = "Get User Access"
  package static let privilege = PrivilegeLevel.operator

  package var channel: UInt8
  /// 1 to 63.
  package var user: UInt8

  package init(channel: UInt8, user: UInt8) {
    self.channel = channel
    self.user = user
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    channel = try reader.readUInt8("channel") & 0x0f
    user = try reader.readUInt8("user id") & 0x3f
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write([channel & 0x0f, user & 0x3f])
  }

  package struct Response: CommandData {
    /// How many users the BMC has room for.
    package var most: UInt8
    /// Bits 7…6: 1 is enabled, 2 disabled, 0 not told. Bits 5…0: how many are enabled.
    package var enabled: UInt8
    package var fixedNames: UInt8
    /// Bits 6 only when the BMC calls back, 5 link, 4 messages; 3…0 privilege, 15 is none.
    package var access: UInt8

    package init(most: UInt8, enabled: UInt8, fixedNames: UInt8, access: UInt8) {
      self.most = most
      self.enabled = enabled
      self.fixedNames = fixedNames
      self.access = access
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      most = try reader.readUInt8("user count") & 0x3f
      enabled = try reader.readUInt8("enabled users")
      fixedNames = try reader.readUInt8("fixed names") & 0x3f
      access = try reader.readUInt8("user access")
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write([most, enabled, fixedNames, access])
    }

    /// Nil: the BMC does not tell.
    package var isEnabled: Bool? {
      switch enabled >> 6 {
      case 1: true
      case 2: false
      default: nil
      }
    }
    package var mayCallIn: Bool { access & 0x40 == 0 }
    package var mayLink: Bool { access & 0x20 != 0 }
    package var mayMessage: Bool { access & 0x10 != 0 }
    /// As ipmitool writes it.
    package var privilege: String {
      switch access & 0x0f {
      case 1: "CALLBACK"
      case 2: "USER"
      case 3: "OPERATOR"
      case 4: "ADMINISTRATOR"
      case 5: "OEM"
      case 15: "NO ACCESS"
      default: "Unknown (0x0\(String(access & 0x0f, radix: 16)))"
      }
    }
  }
}
