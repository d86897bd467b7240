/// IPMI: what a user of a BMC is called.

package import Wire

/// IPMI 2.0 §22.29.
package struct GetUserName: IPMICommand {
  package static let networkFunction = NetworkFunction.app
  package static let code: UInt8 = 0x46
  package static let name = "Get User Name"
  package static let privilege = PrivilegeLevel.operator

  package var user: UInt8

  package init(user: UInt8) {
    self.user = user
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    user = try reader.readUInt8("user id") & 0x3f
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(user & 0x3f)
  }

  package struct Response: CommandData {
    /// Sixteen bytes, filled with zeros.
    package var name: [UInt8]

    package init(name: [UInt8]) {
      self.name = name
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      name = Array(try reader.readBytes(16, "user name"))
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write(name)
    }

    package var text: String { String(decoding: name.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
