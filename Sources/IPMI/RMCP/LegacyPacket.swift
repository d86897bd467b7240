/// IPMI: the IPMI 1.5 packet, in which the very first question to every BMC travels.

package import Wire

// IPMI 2.0 §13.6 (format for IPMI v1.5)
//
//   0      4          5          9            13                    then
//  +------+----------+----------+------------+---------------------+--------+---------+
//  | RMCP | authtype | session  | session id | authentication code | length | payload |
//  |      |          | sequence |            | only if authtype ≠ 0| 1 byte |         |
//  +------+----------+----------+------------+---------------------+--------+---------+

package struct LegacyPacket: Equatable, Sendable {
  /// 0 none, 1 MD2, 2 MD5, 4 straight password, 5 OEM.
  package var authenticationType: UInt8
  package var sequence: UInt32
  package var sessionID: UInt32
  /// Sixteen bytes, or empty when the type is 0.
  package var authenticationCode: [UInt8]
  package var payload: [UInt8]

  /// A message outside any session.
  package init(sessionless payload: [UInt8]) {
    authenticationType = 0
    sequence = 0
    sessionID = 0
    authenticationCode = []
    self.payload = payload
  }

  /// A message of a session; the code is empty when the type is 0.
  package init(
    authenticationType: UInt8, sequence: UInt32, sessionID: UInt32, authenticationCode: [UInt8],
    payload: [UInt8]
  ) {
    self.authenticationType = authenticationType
    self.sequence = sequence
    self.sessionID = sessionID
    self.authenticationCode = authenticationCode
    self.payload = payload
  }

  /// The reader stands behind the RMCP header.
  package init(parsing reader: inout ByteReader) throws(WireError) {
    authenticationType = try reader.readUInt8("authentication type")
    guard authenticationType <= 5 else {
      throw reader.invalid("authentication type", "is not one of IPMI 1.5", back: 1)
    }
    sequence = try reader.readUInt32LE("session sequence")
    sessionID = try reader.readUInt32LE("session id")
    authenticationCode =
      authenticationType == 0 ? [] : Array(try reader.readBytes(16, "authentication code"))
    let length = Int(try reader.readUInt8("payload length"))
    payload = Array(try reader.readBytes(length, "payload"))
    // The "legacy pad": one byte more where the frame would have an unlucky length (§13.6).
    _ = reader.readRest()
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(authenticationType)
    writer.writeLE(sequence)
    writer.writeLE(sessionID)
    writer.write(authenticationCode)
    writer.write(UInt8(clamping: payload.count))
    writer.write(payload)
  }

  /// The whole datagram, RMCP header included.
  package var datagram: [UInt8] {
    var writer = ByteWriter()
    RMCPHeader().encode(into: &writer)
    encode(into: &writer)
    return writer.bytes
  }
}
