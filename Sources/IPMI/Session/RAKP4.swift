/// IPMI: the end of the login; its check value proves that both sides have the same keys.

package import Wire

// IPMI 2.0 §13.23
//
//  tag | status | 0 0 | console id (4) | integrity check value

package struct RAKP4: Equatable, Sendable {
  package var tag: UInt8
  package var status: RMCPStatus
  package var consoleID: UInt32
  package var checkValue: [UInt8]

  package init(tag: UInt8, status: RMCPStatus, consoleID: UInt32, checkValue: [UInt8]) {
    self.tag = tag
    self.status = status
    self.consoleID = consoleID
    self.checkValue = checkValue
  }

  package init(parsing payload: [UInt8]) throws(WireError) {
    var reader = ByteReader(payload)
    tag = try reader.readUInt8("tag")
    status = RMCPStatus(rawValue: try reader.readUInt8("status"))
    try reader.skip(2, "reserved")
    consoleID = try reader.readUInt32LE("console session id")
    checkValue = Array(reader.readRest())
  }

  package var payload: [UInt8] {
    var writer = ByteWriter(capacity: 24)
    writer.write([tag, status.rawValue, 0, 0])
    writer.writeLE(consoleID)
    writer.write(checkValue)
    return writer.bytes
  }
}
