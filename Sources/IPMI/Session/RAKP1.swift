/// IPMI: the login's second question: who we are, and our random number.

package import Wire

// IPMI 2.0 §13.20
//
//  tag | 0 0 0 | BMC id (4) | console random (16) | role | 0 0 | name length | name (0…16)

package struct RAKP1: Equatable, Sendable {
  package static let maximumNameLength = 16

  package var tag: UInt8
  package var bmcID: UInt32
  /// Rm in the standard's formulas.
  package var consoleRandom: [UInt8]
  /// Low four bits: privilege. 0x10: look the user up by name alone.
  package var role: UInt8
  /// At most 16 bytes: see `IPMILogin`.
  package var username: [UInt8]
  /// There is room for all 16 bytes of the name (`BMCQuirk.fullRAKP1`).
  package var isFull = false

  package init(
    tag: UInt8, bmcID: UInt32, consoleRandom: [UInt8], role: UInt8, username: [UInt8],
    isFull: Bool = false
  ) {
    self.isFull = isFull
    self.tag = tag
    self.bmcID = bmcID
    self.consoleRandom = consoleRandom
    self.role = role
    self.username = username
  }

  package init(parsing payload: [UInt8]) throws(WireError) {
    var reader = ByteReader(payload)
    tag = try reader.readUInt8("tag")
    try reader.skip(3, "reserved")
    bmcID = try reader.readUInt32LE("BMC session id")
    consoleRandom = Array(try reader.readBytes(16, "console random number"))
    role = try reader.readUInt8("role")
    try reader.skip(2, "reserved")
    // A 44-byte RAKP 1 with a name length of 228 or more kills one known server.
    let length = Int(try reader.readUInt8("name length"))
    guard length <= Self.maximumNameLength else {
      throw reader.invalid("name length", "is more than 16", back: 1)
    }
    username = Array(try reader.readBytes(length, "name"))
    // Some clients always send all 16 bytes of the name's field.
    isFull = !reader.readRest().isEmpty
  }

  package var payload: [UInt8] {
    var writer = ByteWriter(capacity: 44)
    writer.write([tag, 0, 0, 0])
    writer.writeLE(bmcID)
    writer.write(consoleRandom)
    writer.write([role, 0, 0, UInt8(clamping: username.count)])
    writer.write(username)
    if isFull {
      writer.write([UInt8](repeating: 0, count: max(0, Self.maximumNameLength - username.count)))
    }
    return writer.bytes
  }
}
