/// IPMI: the list of cipher suites that a BMC says it has.

package import Wire

/// IPMI 2.0 §22.15. Byte 0: channel; byte 1: payload type; byte 2: bit 7 "by suite", bits 5…0 which
/// piece of 16 bytes.
package struct GetChannelCipherSuites: IPMICommand {
  package static let networkFunction = NetworkFunction.app
  package static let code: UInt8 = 0x54
  package static let name = "Get Channel Cipher Suites"

  package static let pieceLength = 16

  package var channel: UInt8 = 0x0e
  package var index: UInt8

  package init(index: UInt8) {
    self.index = index
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    channel = try reader.readUInt8("channel") & 0x0f
    try reader.skip(1, "payload type")
    index = try reader.readUInt8("list index") & 0x3f
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write([channel & 0x0f, PayloadType.message.rawValue, 0x80 | index & 0x3f])
  }

  /// One piece; a shorter one is the last.
  package struct Response: CommandData {
    package var channel: UInt8
    package var records: [UInt8]

    package init(channel: UInt8, records: [UInt8]) {
      self.channel = channel
      self.records = records
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      channel = try reader.readUInt8("channel")
      records = Array(reader.readRest())
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write(channel)
      writer.write(records)
    }
  }
}

extension CipherSuite {
  /// The numbers in all pieces together (table 22-18): 0xc0 and a number, or 0xc1, a number and
  /// three bytes of a vendor; then algorithms, which the numbers of the standard imply.
  package static func numbers(inRecords records: [UInt8]) -> [UInt8] {
    var numbers: [UInt8] = []
    var rest = records[...]
    while let tag = rest.popFirst() {
      guard tag == 0xc0 || tag == 0xc1, let number = rest.popFirst() else { continue }
      if tag == 0xc0 { numbers.append(number) } else { rest = rest.dropFirst(3) }
    }
    return numbers
  }

  /// What `numbers(inRecords:)` reads.
  package var record: [UInt8] {
    [0xc0, id, numbers.authentication, 0x40 | numbers.integrity, 0x80 | numbers.confidentiality]
  }
}
