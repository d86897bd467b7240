/// IPMI: how many sensor records a BMC has.

package import Wire

/// IPMI 2.0 §33.9. No request data.
package struct GetSDRRepositoryInfo: IPMICommand {
  package static let networkFunction = NetworkFunction.storage
  package static let code: UInt8 = 0x20
  package static let name = "Get SDR Repository Info"

  package init() {}
  package init(parsing reader: inout ByteReader) throws(WireError) {}
  package func encode(into writer: inout ByteWriter) {}

  package struct Response: CommandData {
    package var version: UInt8
    package var records: UInt16
    /// Bytes.
    package var free: UInt16
    package var lastAddition: BMCTime
    package var lastErase: BMCTime
    package var support: UInt8

    package init(
      version: UInt8 = 0x51, records: UInt16, free: UInt16, lastAddition: BMCTime,
      lastErase: BMCTime, support: UInt8
    ) {
      self.version = version
      self.records = records
      self.free = free
      self.lastAddition = lastAddition
      self.lastErase = lastErase
      self.support = support
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      version = try reader.readUInt8("SDR version")
      records = try reader.readUInt16LE("record count")
      free = try reader.readUInt16LE("free space")
      lastAddition = BMCTime(try reader.readUInt32LE("last addition"))
      lastErase = BMCTime(try reader.readUInt32LE("last erase"))
      support = try reader.readUInt8("SDR support")
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write(version)
      writer.writeLE(records)
      writer.writeLE(free)
      writer.writeLE(lastAddition.seconds)
      writer.writeLE(lastErase.seconds)
      writer.write(support)
    }
  }
}
