/// IPMI: how large an inventory is.

package import Wire

/// IPMI 2.0 §34.1.
package struct GetFRUInventoryAreaInfo: IPMICommand {
  package static let networkFunction = NetworkFunction.storage
  package static let code: UInt8 = 0x10
  package static let name = "Get FRU Inventory Area Info"

  package var device: UInt8

  package init(device: UInt8) { self.device = device }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    device = try reader.readUInt8("FRU device id")
  }

  package func encode(into writer: inout ByteWriter) { writer.write(device) }

  package struct Response: CommandData {
    /// Bytes.
    package var size: UInt16
    /// Offsets and counts are in words of two bytes.
    package var isInWords: Bool

    package init(size: UInt16, isInWords: Bool = false) {
      self.size = size
      self.isInWords = isInWords
    }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      size = try reader.readUInt16LE("FRU area size")
      isInWords = try reader.readUInt8("FRU access") & 0x01 != 0
    }

    package func encode(into writer: inout ByteWriter) {
      writer.writeLE(size)
      writer.write((isInWords ? 1 : 0) as UInt8)
    }
  }
}
