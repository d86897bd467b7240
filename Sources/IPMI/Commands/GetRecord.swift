/// IPMI: a record of the event log or of the sensor repository, or a piece of one.

package import Wire

/// Which piece of which record; the same for both commands.
package struct RecordPiece: CommandData {
  package static let first: UInt16 = 0x0000
  package static let last: UInt16 = 0xffff
  /// A count that stands for the whole record.
  package static let whole: UInt8 = 0xff

  package var reservation: Reservation
  package var record: UInt16
  package var offset: UInt8
  package var count: UInt8

  package init(
    _ record: UInt16, reservation: Reservation = .none, offset: UInt8 = 0, count: UInt8 = whole
  ) {
    self.reservation = reservation
    self.record = record
    self.offset = offset
    self.count = count
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    reservation = try Reservation(parsing: &reader)
    record = try reader.readUInt16LE("record id")
    offset = try reader.readUInt8("offset into record")
    count = try reader.readUInt8("bytes to read")
  }

  package func encode(into writer: inout ByteWriter) {
    reservation.encode(into: &writer)
    writer.writeLE(record)
    writer.write([offset, count])
  }
}

package struct RecordData: CommandData {
  /// Of the record behind this one; `RecordPiece.last` where there is none.
  package var next: UInt16
  package var data: [UInt8]

  package init(next: UInt16, data: [UInt8]) {
    self.next = next
    self.data = data
  }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    next = try reader.readUInt16LE("next record id")
    data = Array(reader.readRest())
  }

  package func encode(into writer: inout ByteWriter) {
    writer.writeLE(next)
    writer.write(data)
  }
}

/// IPMI 2.0 §31.5.
package struct GetSELEntry: IPMICommand {
  package static let networkFunction = NetworkFunction.storage
  package static let code: UInt8 = 0x43
  package static let name = "Get SEL Entry"
  package static let meanings: [UInt8: String] = [0x81: "the event log is being cleared"]

  package var piece: RecordPiece

  package init(_ piece: RecordPiece) { self.piece = piece }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    piece = try RecordPiece(parsing: &reader)
  }

  package func encode(into writer: inout ByteWriter) { piece.encode(into: &writer) }

  package typealias Response = RecordData
}

/// IPMI 2.0 §33.12.
package struct GetSDR: IPMICommand {
  package static let networkFunction = NetworkFunction.storage
  package static let code: UInt8 = 0x23
  package static let name = "Get SDR"

  package var piece: RecordPiece

  package init(_ piece: RecordPiece) { self.piece = piece }

  package init(parsing reader: inout ByteReader) throws(WireError) {
    piece = try RecordPiece(parsing: &reader)
  }

  package func encode(into writer: inout ByteWriter) { piece.encode(into: &writer) }

  package typealias Response = RecordData
}
