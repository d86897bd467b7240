/// IPMI: how full a BMC's event log is.

package import Wire

/// IPMI 2.0 §31.2. No request data.
package struct GetSELInfo: IPMICommand {
  package static let networkFunction = NetworkFunction.storage
  package static let code: UInt8 = 0x40
  package static let name = "Get SEL Info"
  package static let meanings: [UInt8: String] = [0x81: "the event log is being cleared"]

  package init() {}
  package init(parsing reader: inout ByteReader) throws(WireError) {}
  package func encode(into writer: inout ByteWriter) {}

  package struct Response: CommandData {
    /// 0x51 is 1.5, and means IPMI 2.0 too.
    package var version: UInt8
    package var entries: UInt16
    /// Bytes; 0xffff is that or more.
    package var free: UInt16
    package var lastAddition: BMCTime
    package var lastErase: BMCTime
    /// Bits 7 overflow, 3 delete, 2 partial add, 1 reserve, 0 allocation information.
    package var support: UInt8

    package init(
      version: UInt8 = 0x51, entries: UInt16, free: UInt16, lastAddition: BMCTime,
      lastErase: BMCTime, support: UInt8
    ) {
      self.version = version
      self.entries = entries
      self.free = free
      self.lastAddition = lastAddition
      self.lastErase = lastErase
      self.support = support
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      version = try reader.readUInt8("SEL version")
      entries = try reader.readUInt16LE("SEL entries")
      free = try reader.readUInt16LE("SEL free space")
      lastAddition = BMCTime(try reader.readUInt32LE("last addition"))
      lastErase = BMCTime(try reader.readUInt32LE("last erase"))
      support = try reader.readUInt8("SEL support")
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write(version)
      writer.writeLE(entries)
      writer.writeLE(free)
      writer.writeLE(lastAddition.seconds)
      writer.writeLE(lastErase.seconds)
      writer.write(support)
    }

    package var hasOverflowed: Bool { support & 0x80 != 0 }
    package var canReserve: Bool { support & 0x02 != 0 }
  }
}
