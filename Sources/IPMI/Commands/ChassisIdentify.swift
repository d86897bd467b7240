/// IPMI: the light that shows which machine is meant.

package import Wire

/// IPMI 2.0 §28.5. Byte 0: seconds, 0 is off; byte 1, bit 0: until somebody ends it. The second byte
/// is sent only where it is needed: some BMCs refuse it as a wrong length.
package struct ChassisIdentify: IPMICommand {
  package static let networkFunction = NetworkFunction.chassis
  package static let code: UInt8 = 0x04
  package static let name = "Chassis Identify"
  package static let privilege = PrivilegeLevel.operator

  package var seconds: UInt8
  package var isForced: Bool

  package init(seconds: UInt8, isForced: Bool = false) {
    self.seconds = seconds
    self.isForced = isForced
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    seconds = try reader.readUInt8("identify interval")
    isForced = reader.remaining > 0 ? try reader.readUInt8("force identify") & 0x01 != 0 : false
  }

  package func encode(into writer: inout ByteWriter) {
    writer.write(seconds)
    if isForced { writer.write(0x01 as UInt8) }
  }

  package typealias Response = NoData
}
