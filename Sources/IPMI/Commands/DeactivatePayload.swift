/// IPMI: switches the serial console off, also that of a session which somebody left behind.

package import Wire

/// IPMI 2.0 §24.2.
package struct DeactivatePayload: IPMICommand {
  package static let networkFunction = NetworkFunction.app
  package static let code: UInt8 = 0x49
  package static let name = "Deactivate Payload"
  package static let meanings: [UInt8: String] = [
    0x80: "it is not active", 0x81: "it is disabled for this user or channel",
  ]

  package var instance: UInt8 = 1

  package init() {}

  package init(parsing reader: inout ByteReader) throws(WireError) {
    try reader.skip(1, "payload type")
    instance = try reader.readUInt8("payload instance")
    try reader.skip(4, "auxiliary data")
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write([PayloadType.serialOverLAN.rawValue, instance, 0, 0, 0, 0])
  }

  package typealias Response = NoData
}
