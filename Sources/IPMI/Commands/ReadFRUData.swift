/// IPMI: a piece of an inventory.

package import Wire

/// IPMI 2.0 §34.2. Offset and count are in bytes or words, as the area's information says.
package struct ReadFRUData: IPMICommand {
  package static let networkFunction = NetworkFunction.storage
  package static let code: UInt8 = 0x11
  package static let name = "Read FRU Data"
  package static let meanings: [UInt8: String] = [0x81: "the inventory is busy"]

  package var device: UInt8
  package var offset: UInt16
  package var count: UInt8

  package init(device: UInt8, offset: UInt16, count: UInt8) {
    self.device = device
    self.offset = offset
    self.count = count
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    device = try reader.readUInt8("FRU device id")
    offset = try reader.readUInt16LE("FRU offset")
    count = try reader.readUInt8("FRU count")
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(device)
    writer.writeLE(offset)
    writer.write(count)
  }

  package struct Response: CommandData {
    /// As the BMC counts: bytes or words.
    package var count: UInt8
    package var data: [UInt8]

    package init(count: UInt8, data: [UInt8]) {
      self.count = count
      self.data = data
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      count = try reader.readUInt8("FRU count")
      data = Array(reader.readRest())
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write(count)
      writer.write(data)
    }
  }
}
