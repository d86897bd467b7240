/// IPMI: which BMC this is.

package import Wire

/// IPMI 2.0 §20.1. No request data.
package struct GetDeviceID: IPMICommand {
  package static let networkFunction = NetworkFunction.app
  package static let code: UInt8 = 0x01
  package static let name = "Get Device ID"

  package init() {}
  package init(parsing reader: inout ByteReader) throws(WireError) {}
  package func encode(into writer: inout ByteWriter) {}

  package struct Response: CommandData {
    package var deviceID: UInt8
    /// Bit 7: the BMC has sensor records. Bits 3…0: revision of the device.
    package var revision: UInt8
    /// Bit 7: the firmware is being updated. Bits 6…0: major number.
    package var firmwareMajor: UInt8
    /// Two decimal digits.
    package var firmwareMinor: UInt8
    /// Two decimal digits, the lower one first: 0x02 is 2.0, 0x51 is 1.5.
    package var ipmiVersion: UInt8
    package var support: UInt8
    /// An IANA enterprise number, 20 bits.
    package var manufacturer: UInt32
    package var product: UInt16
    /// Four bytes of the vendor's about its firmware; none where the BMC leaves them out.
    package var auxiliary: [UInt8]

    package init(parsing reader: inout ByteReader) throws(WireError) {
      deviceID = try reader.readUInt8("device id")
      revision = try reader.readUInt8("device revision")
      firmwareMajor = try reader.readUInt8("firmware major")
      firmwareMinor = try reader.readUInt8("firmware minor")
      ipmiVersion = try reader.readUInt8("IPMI version")
      support = try reader.readUInt8("device support")
      let low = try reader.readUInt16LE("manufacturer")
      manufacturer = UInt32(low) | UInt32(try reader.readUInt8("manufacturer")) << 16
      product = try reader.readUInt16LE("product")
      auxiliary =
        reader.remaining >= 4 ? Array(try reader.readBytes(4, "auxiliary firmware revision")) : []
    }

    package func encode(into writer: inout ByteWriter) {
      writer.write([deviceID, revision, firmwareMajor, firmwareMinor, ipmiVersion, support])
      writer.writeLE(UInt16(truncatingIfNeeded: manufacturer))
      writer.write(UInt8(truncatingIfNeeded: manufacturer >> 16))
      writer.writeLE(product)
      writer.write(auxiliary)
    }
  }
}
