/// IPMI: the right to change or read something piece by piece; another one's takes it away.

package import Wire

package struct Reservation: CommandData {
  package var id: UInt16

  package init(id: UInt16) { self.id = id }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    id = try reader.readUInt16LE("reservation id")
  }

  package func encode(into writer: inout ByteWriter) {
    writer.writeLE(id)
  }

  /// Where the BMC has no reservations, and where none is needed.
  package static let none = Reservation(id: 0)
}

/// IPMI 2.0 §31.4. No request data.
package struct ReserveSEL: IPMICommand {
  package static let networkFunction = NetworkFunction.storage
  package static let code: UInt8 = 0x42
  package static let name = "Reserve SEL"
  package static let meanings: [UInt8: String] = [0x81: "the event log is being cleared"]

  package init() {}
  package init(parsing reader: inout ByteReader) throws(WireError) {}
  package func encode(into writer: inout ByteWriter) {}

  package typealias Response = Reservation
}

/// IPMI 2.0 §33.11. No request data.
package struct ReserveSDRRepository: IPMICommand {
  package static let networkFunction = NetworkFunction.storage
  package static let code: UInt8 = 0x22
  package static let name = "Reserve SDR Repository"

  package init() {}
  package init(parsing reader: inout ByteReader) throws(WireError) {}
  package func encode(into writer: inout ByteWriter) {}

  package typealias Response = Reservation
}
