/// IPMI: gives a session back; a BMC has only a handful.

package import Wire

/// IPMI 2.0 §22.19.
package struct CloseSession: IPMICommand {
  package static let networkFunction = NetworkFunction.app
  package static let code: UInt8 = 0x3c
  package static let name = "Close Session"
  package static let meanings: [UInt8: String] = [0x87: "no such session"]

  /// The BMC's id of the session.
  package var sessionID: UInt32

  package init(sessionID: UInt32) {
    self.sessionID = sessionID
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    sessionID = try reader.readUInt32LE("session id")
  }

  package func encode(into writer: inout ByteWriter) {
    writer.writeLE(sessionID)
  }

  package typealias Response = NoData
}
