/// IPMI: the RMCP+ (IPMI 2.0) packet as it is on the wire, its payload still sealed.

package import Wire

// IPMI 2.0 §13.6
//
//   0      4          5              6            10           14        16
//  +------+----------+--------------+------------+------------+---------+---------+---------+
//  | RMCP | authtype | payload type | session id | session    | payload | payload | trailer |
//  |      |   = 6    | E A tttttt   |            | sequence   | length  |         |         |
//  +------+----------+--------------+------------+------------+---------+---------+---------+

/// `PacketSeal` makes and checks the trailer and encrypts the payload; here both are only bytes.
package struct SessionPacket: Equatable, Sendable {
  package static let authenticationType: UInt8 = 0x06

  package var payloadType: PayloadType
  package var isEncrypted: Bool
  package var isAuthenticated: Bool
  /// The receiver's id: the BMC's in a request, ours in an answer; 0 outside a session.
  package var sessionID: UInt32
  /// 0 outside a session.
  package var sequence: UInt32
  package var payload: [UInt8]
  /// Padding, its length, next header and authentication code; empty when not authenticated.
  package var trailer: [UInt8]

  package init(
    payloadType: PayloadType, isEncrypted: Bool = false, isAuthenticated: Bool = false,
    sessionID: UInt32 = 0, sequence: UInt32 = 0, payload: [UInt8], trailer: [UInt8] = []
  ) {
    self.payloadType = payloadType
    self.isEncrypted = isEncrypted
    self.isAuthenticated = isAuthenticated
    self.sessionID = sessionID
    self.sequence = sequence
    self.payload = payload
    self.trailer = trailer
  }

  /// The reader stands behind the RMCP header.
  package init(parsing reader: inout ByteReader) throws(WireError) {
    let authenticationType = try reader.readUInt8("authentication type")
    guard authenticationType == Self.authenticationType else {
      throw reader.invalid("authentication type", "is not 6 (RMCP+)", back: 1)
    }
    let type = try reader.readUInt8("payload type")
    isEncrypted = type & 0x80 != 0
    isAuthenticated = type & 0x40 != 0
    payloadType = PayloadType(rawValue: type & 0x3f)
    if payloadType == .oemExplicit { try reader.skip(6, "OEM payload id") }
    sessionID = try reader.readUInt32LE("session id")
    sequence = try reader.readUInt32LE("session sequence")
    let length = Int(try reader.readUInt16LE("payload length"))
    payload = Array(try reader.readBytes(length, "payload"))
    // Folklore: HP DL380 G5 appends stray bytes to some unauthenticated answers; they are left out.
    let rest = reader.readRest()
    trailer = isAuthenticated ? Array(rest) : []
  }

  /// The payload is at most a LAN packet, far from the 65,535 bytes of its length field.
  package func encode(into writer: inout ByteWriter) {
    writer.write(Self.authenticationType)
    writer.write(
      payloadType.rawValue & 0x3f | (isEncrypted ? 0x80 : 0) | (isAuthenticated ? 0x40 : 0))
    writer.writeLE(sessionID)
    writer.writeLE(sequence)
    writer.writeLE(UInt16(clamping: payload.count))
    writer.write(payload)
    writer.write(trailer)
  }

  /// The whole datagram, RMCP header included.
  package var datagram: [UInt8] {
    var writer = ByteWriter(capacity: 16 + payload.count + trailer.count)
    RMCPHeader().encode(into: &writer)
    encode(into: &writer)
    return writer.bytes
  }
}
