/// IPMI: the BMC's random number, and its proof that it knows the password.

package import Wire

// IPMI 2.0 §13.21
//
//  tag | status | 0 0 | console id (4) | BMC random (16) | BMC GUID (16) | code

package enum RAKP2: Equatable, Sendable {
  case accepted(consoleID: UInt32, bmcRandom: [UInt8], guid: [UInt8], code: [UInt8])
  /// Eight bytes by the standard; ipmi_sim sends all 60 with a made-up code, so the rest is not read.
  case refused(RMCPStatus, consoleID: UInt32)

  package init(parsing payload: [UInt8]) throws(WireError) {
    var reader = ByteReader(payload)
    // OpenBMC answers with tag 0 whatever was sent, so answers are known by the console id.
    try reader.skip(1, "tag")
    let status = RMCPStatus(rawValue: try reader.readUInt8("status"))
    try reader.skip(2, "reserved")
    let consoleID = try reader.readUInt32LE("console session id")
    guard status == .ok else {
      self = .refused(status, consoleID: consoleID)
      return
    }
    let random = Array(try reader.readBytes(16, "BMC random number"))
    let guid = Array(try reader.readBytes(16, "BMC GUID"))
    self = .accepted(
      consoleID: consoleID, bmcRandom: random, guid: guid, code: Array(reader.readRest()))
  }

  package func payload(tag: UInt8) -> [UInt8] {
    var writer = ByteWriter(capacity: 72)
    switch self {
    case .accepted(let consoleID, let random, let guid, let code):
      writer.write([tag, RMCPStatus.ok.rawValue, 0, 0])
      writer.writeLE(consoleID)
      writer.write(random)
      writer.write(guid)
      writer.write(code)
    case .refused(let status, let consoleID):
      writer.write([tag, status.rawValue, 0, 0])
      writer.writeLE(consoleID)
    }
    return writer.bytes
  }
}
