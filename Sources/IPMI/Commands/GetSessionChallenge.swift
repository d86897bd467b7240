/// IPMI: the first step of a login of IPMI 1.5.

package import Wire

/// IPMI 2.0 §22.16: authentication type, then the user's name in 16 bytes.
package struct GetSessionChallenge: IPMICommand {
  package static let networkFunction = NetworkFunction.app
  package static let code: UInt8 = 0x39
  package static let name = "Get Session Challenge"
  package static let meanings: [UInt8: String] = [
    0x81: "no such user", 0x82: "the user without a name is not enabled",
  ]

  package var authenticationType: UInt8
  /// At most 16 bytes.
  package var username: [UInt8]

  package init(authenticationType: UInt8, username: [UInt8]) {
    self.authenticationType = authenticationType
    self.username = username
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    authenticationType = try reader.readUInt8("authentication type") & 0x0f
    username = Array(try reader.readBytes(16, "user name"))
    while username.last == 0 { username.removeLast() }
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(authenticationType)
    writer.write(username + [UInt8](repeating: 0, count: max(0, 16 - username.count)))
  }

  package struct Response: CommandData {
    package var temporaryID: UInt32
    /// Sixteen bytes.
    package var challenge: [UInt8]

    package init(temporaryID: UInt32, challenge: [UInt8]) {
      self.temporaryID = temporaryID
      self.challenge = challenge
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      temporaryID = try reader.readUInt32LE("temporary session id")
      challenge = Array(try reader.readBytes(16, "challenge"))
    }

    package func encode(into writer: inout ByteWriter) {
      writer.writeLE(temporaryID)
      writer.write(challenge)
    }
  }
}
