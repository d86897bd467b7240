/// IPMI: the first step of a login, in which both sides choose ids and algorithms.

package import Wire

// IPMI 2.0 §13.17, §13.18
//
//  request:  tag | privilege | 0 0 | console id (4) | three algorithm records (8 each)
//  answer:   tag | status | privilege | 0 | console id (4) | BMC id (4) | three records
//  record:   type (0 authentication, 1 integrity, 2 confidentiality) | 0 0 | 8 | algorithm | 0 0 0

package struct OpenSessionRequest: Equatable, Sendable {
  package var tag: UInt8
  /// 0 is "the highest that the suite allows".
  package var privilege: UInt8
  package var consoleID: UInt32
  package var algorithms: AlgorithmNumbers

  package init(tag: UInt8, privilege: UInt8, consoleID: UInt32, algorithms: AlgorithmNumbers) {
    self.tag = tag
    self.privilege = privilege
    self.consoleID = consoleID
    self.algorithms = algorithms
  }

  package init(parsing payload: [UInt8]) throws(WireError) {
    var reader = ByteReader(payload)
    tag = try reader.readUInt8("tag")
    privilege = try reader.readUInt8("privilege") & 0x0f
    try reader.skip(2, "reserved")
    consoleID = try reader.readUInt32LE("console session id")
    algorithms = try AlgorithmNumbers(parsing: &reader)
    try reader.finish("open session request")
  }

  package var payload: [UInt8] {
    var writer = ByteWriter(capacity: 32)
    writer.write([tag, privilege, 0, 0])
    writer.writeLE(consoleID)
    algorithms.encode(into: &writer)
    return writer.bytes
  }
}

/// The privilege in it is the highest of user and channel on some BMCs, an echo or 0 on others, and
/// so nothing depends on it.
package enum OpenSessionResponse: Equatable, Sendable {
  case accepted(
    tag: UInt8, privilege: UInt8, consoleID: UInt32, bmcID: UInt32, algorithms: AlgorithmNumbers)
  /// Eight bytes by the standard; ipmi_sim sends only the first two, so the id may be missing.
  case refused(tag: UInt8, RMCPStatus, consoleID: UInt32?)

  package init(parsing payload: [UInt8]) throws(WireError) {
    var reader = ByteReader(payload)
    let tag = try reader.readUInt8("tag")
    let status = RMCPStatus(rawValue: try reader.readUInt8("status"))
    guard status == .ok else {
      guard reader.remaining >= 6 else {
        self = .refused(tag: tag, status, consoleID: nil)
        return
      }
      try reader.skip(2, "privilege and reserved")
      let consoleID = try reader.readUInt32LE("console session id")
      self = .refused(tag: tag, status, consoleID: consoleID)
      return
    }
    let privilege = try reader.readUInt8("privilege") & 0x0f
    try reader.skip(1, "reserved")
    let consoleID = try reader.readUInt32LE("console session id")
    let bmcID = try reader.readUInt32LE("BMC session id")
    // What stands behind the records is not ours to judge (see SessionPacket).
    self = .accepted(
      tag: tag, privilege: privilege, consoleID: consoleID, bmcID: bmcID,
      algorithms: try AlgorithmNumbers(parsing: &reader))
  }

  package var payload: [UInt8] {
    var writer = ByteWriter(capacity: 36)
    switch self {
    case .accepted(let tag, let privilege, let consoleID, let bmcID, let algorithms):
      writer.write([tag, RMCPStatus.ok.rawValue, privilege, 0])
      writer.writeLE(consoleID)
      writer.writeLE(bmcID)
      algorithms.encode(into: &writer)
    case .refused(let tag, let status, let consoleID):
      writer.write([tag, status.rawValue])
      if let consoleID {
        writer.write([0, 0])
        writer.writeLE(consoleID)
      }
    }
    return writer.bytes
  }
}

extension AlgorithmNumbers {
  init(parsing reader: inout ByteReader) throws(WireError) {
    self.init(
      try Self.readRecord(&reader, "authentication algorithm"),
      try Self.readRecord(&reader, "integrity algorithm"),
      try Self.readRecord(&reader, "confidentiality algorithm"))
  }

  private static func readRecord(
    _ reader: inout ByteReader, _ field: String
  ) throws(WireError) -> UInt8 {
    try reader.skip(4, field)
    let algorithm = try reader.readUInt8(field) & 0x3f
    try reader.skip(3, field)
    return algorithm
  }

  func encode(into writer: inout ByteWriter) {
    for (type, algorithm) in [authentication, integrity, confidentiality].enumerated() {
      writer.write([UInt8(truncatingIfNeeded: type), 0, 0, 8, algorithm, 0, 0, 0])
    }
  }
}
