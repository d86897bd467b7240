/// IPMI: empties a BMC's event log.

package import Wire

/// IPMI 2.0 §31.9. Reservation, `CLR`, then 0xaa to begin or 0 to ask how far it is.
package struct ClearSEL: IPMICommand {
  package static let networkFunction = NetworkFunction.storage
  package static let code: UInt8 = 0x47
  package static let name = "Clear SEL"
  package static let privilege = PrivilegeLevel.operator
  /// Events that came in between would be lost.
  package static let isIdempotent = false

  package var reservation: Reservation
  package var begins: Bool

  package init(_ reservation: Reservation, begins: Bool) {
    self.reservation = reservation
    self.begins = begins
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    reservation = try Reservation(parsing: &reader)
    guard try reader.readBytes(3, "CLR") == Array("CLR".utf8)[...] else {
      throw reader.invalid("CLR", "is something else", back: 3)
    }
    begins = try reader.readUInt8("operation") == 0xaa
  }

  package func encode(into writer: inout ByteWriter) {
    reservation.encode(into: &writer)
    writer.write("CLR")
    writer.write((begins ? 0xaa : 0) as UInt8)
  }

  package struct Response: CommandData {
    /// Four bits: 1 is done.
    package var progress: UInt8

    package init(progress: UInt8) { self.progress = progress }

    package init(parsing reader: inout ByteReader) throws(WireError) {
      progress = try reader.readUInt8("erasure progress") & 0x0f
    }

    package func encode(into writer: inout ByteWriter) { writer.write(progress) }

    package var isDone: Bool { progress == 1 }
  }
}
