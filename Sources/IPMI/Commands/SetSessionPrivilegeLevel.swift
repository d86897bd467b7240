/// IPMI: raises a new session from user to the level that its commands need.

package import Wire

/// IPMI 2.0 §22.18. One byte each way.
package struct SetSessionPrivilegeLevel: IPMICommand {
  package static let networkFunction = NetworkFunction.app
  package static let code: UInt8 = 0x3b
  package static let name = "Set Session Privilege Level"
  package static let meanings: [UInt8: String] = [
    0x80: "this user may not have that privilege",
    0x81: "above the limit of this user or channel",
    0x82: "user-level authentication cannot be disabled",
  ]

  package var level: PrivilegeLevel

  package init(_ level: PrivilegeLevel) {
    self.level = level
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    guard let level = PrivilegeLevel(rawValue: try reader.readUInt8("privilege") & 0x0f) else {
      throw reader.invalid("privilege", "is not a level", back: 1)
    }
    self.level = level
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(level.rawValue)
  }

  /// The level that the session now has. Not enforced: the next command tells the truth.
  package struct Response: CommandData {
    package var level: UInt8

    package init(level: UInt8) {
      self.level = level
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      level = try reader.readUInt8("privilege")
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write(level)
    }
  }
}
