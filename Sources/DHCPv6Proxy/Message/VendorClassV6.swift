/// DHCPv6Proxy: option 16, by which firmware says that it boots from the network.

package import Wire

/// Vendor class (RFC 8415 §21.16): `enterprise (4)`, then texts with `length (2)` before each.
package struct VendorClassV6: Equatable, Sendable {
  /// Intel's, in all that is PXE.
  package static let intel: UInt32 = 343

  package var enterprise: UInt32
  package var texts: [[UInt8]]

  package init(enterprise: UInt32 = VendorClassV6.intel, texts: [[UInt8]]) {
    self.enterprise = enterprise
    self.texts = texts
  }

  package init(parsing bytes: [UInt8]) throws(WireError) {
    var reader = ByteReader(bytes)
    enterprise = try reader.readUInt32("enterprise number")
    texts = []
    while reader.remaining > 0 {
      let length = try reader.readUInt16("length of vendor class")
      texts.append(Array(try reader.readBytes(Int(length), "vendor class")))
    }
  }

  package func encode(into writer: inout ByteWriter) throws(WireError) {
    writer.write(enterprise)
    for text in texts {
      guard let length = UInt16(exactly: text.count) else {
        throw WireError(
          field: "vendor class", offset: writer.count, reason: .invalid("is too long"))
      }
      writer.write(length)
      writer.write(text)
    }
  }
}
