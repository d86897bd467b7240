/// Lab: one variable of UEFI firmware.

internal import Wire

/// EDK2's AUTHENTICATED_VARIABLE_HEADER with what follows it:
///
///     StartId        2   55aa
///     State          1   3f added; a cleared bit takes it back
///     Reserved       1
///     Attributes     4   UEFI 2.10 §8.2: 1 non-volatile, 2 boot services, 4 runtime
///     MonotonicCount 8
///     TimeStamp     16
///     PubKeyIndex    4
///     NameSize       4   bytes, with the closing zero
///     DataSize       4
///     VendorGuid    16
///     name, data, then ff up to a multiple of 4
package struct UEFIVariable: Equatable, Sendable {
  package var state: UInt8
  package var reserved: UInt8
  package var attributes: UInt32
  /// MonotonicCount, TimeStamp and PubKeyIndex: zero in variables that nobody signs.
  package var authentication: [UInt8]
  package var name: String
  package var vendor: UEFIGUID
  package var data: [UInt8]

  private static let startID: UInt16 = 0x55aa
  private static let added: UInt8 = 0x3f
  /// Cleared while a newer copy is being written; until then this one counts.
  private static let inDeletedTransition: UInt8 = 0xfe
  /// Non-volatile, for boot services and at run time: what UEFI 2.10 §3.3 asks of Boot####.
  package static let bootAttributes: UInt32 = 7

  package init(
    _ name: String, vendor: UEFIGUID = .globalVariable, attributes: UInt32 = bootAttributes,
    data: [UInt8]
  ) {
    self.state = Self.added
    self.reserved = 0
    self.attributes = attributes
    self.authentication = Array(repeating: 0, count: 28)
    self.name = name
    self.vendor = vendor
    self.data = data
  }

  package var isLive: Bool {
    state == Self.added || state == Self.added & Self.inDeletedTransition
  }

  init(parsing reader: inout ByteReader) throws(WireError) {
    guard try reader.readUInt16LE("StartId") == Self.startID else {
      throw reader.invalid("StartId", "is not 55aa", back: 2)
    }
    state = try reader.readUInt8("State")
    reserved = try reader.readUInt8("Reserved")
    attributes = try reader.readUInt32LE("Attributes")
    authentication = Array(try reader.readBytes(28, "MonotonicCount, TimeStamp, PubKeyIndex"))
    let nameSize = Int(try reader.readUInt32LE("NameSize"))
    let dataSize = Int(try reader.readUInt32LE("DataSize"))
    vendor = try UEFIGUID(parsing: &reader)
    let units = try Self.units(of: reader.readBytes(nameSize, "name"))
    guard let units, units.last == 0, let name = UEFIText.decode(units.dropLast()) else {
      throw reader.invalid("name", "is not UTF-16 with a closing zero", back: nameSize)
    }
    self.name = name
    data = Array(try reader.readBytes(dataSize, "data"))
    let padding = try reader.readBytes(Self.padding(nameSize + dataSize), "padding")
    guard padding.allSatisfy({ $0 == 0xff }) else {
      throw reader.invalid("padding", "is not ff", back: padding.count)
    }
  }

  func encode(into writer: inout ByteWriter) throws(WireError) {
    let encodedName = UEFIText.encode(name)
    guard let nameSize = UInt32(exactly: encodedName.count),
      let dataSize = UInt32(exactly: data.count), authentication.count == 28
    else {
      throw WireError(
        field: name, offset: writer.count, reason: .invalid("does not fit its header"))
    }
    writer.writeLE(Self.startID)
    writer.write(state)
    writer.write(reserved)
    writer.writeLE(attributes)
    writer.write(authentication)
    writer.writeLE(nameSize)
    writer.writeLE(dataSize)
    writer.write(vendor.bytes)
    writer.write(encodedName)
    writer.write(data)
    writer.write(
      repeatElement(UInt8(0xff), count: Self.padding(encodedName.count + data.count)))
  }

  private static func padding(_ size: Int) -> Int { (4 - size % 4) % 4 }

  private static func units(of bytes: ArraySlice<UInt8>) -> [UInt16]? {
    guard bytes.count.isMultiple(of: 2) else { return nil }
    return stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map {
      UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
    }
  }
}
