/// IPMI: our proof that we know the password, or the news that the BMC did not prove it.

package import Wire

// IPMI 2.0 §13.22
//
//  tag | status | 0 0 | BMC id (4) | code

package struct RAKP3: Equatable, Sendable {
  package var tag: UInt8
  /// Not 0: the BMC may free the session at once.
  package var status: RMCPStatus
  package var bmcID: UInt32
  /// Empty when the status is an error.
  package var code: [UInt8]

  package init(tag: UInt8, status: RMCPStatus, bmcID: UInt32, code: [UInt8]) {
    self.tag = tag
    self.status = status
    self.bmcID = bmcID
    self.code = code
  }

  package init(parsing payload: [UInt8]) throws(WireError) {
    var reader = ByteReader(payload)
    tag = try reader.readUInt8("tag")
    status = RMCPStatus(rawValue: try reader.readUInt8("status"))
    try reader.skip(2, "reserved")
    bmcID = try reader.readUInt32LE("BMC session id")
    code = Array(reader.readRest())
  }

  package var payload: [UInt8] {
    var writer = ByteWriter(capacity: 40)
    writer.write([tag, status.rawValue, 0, 0])
    writer.writeLE(bmcID)
    writer.write(code)
    return writer.bytes
  }
}
