/// IPMI: the areas of an inventory (FRU): chassis, board, product.

package import Wire

/// Platform Management FRU Information Storage Definition 1.0 §8 to 12.
package struct InventoryHeader: Equatable, Sendable {
  package static let length = 8

  /// Offsets in bytes; nil: there is no such area.
  package var chassis: Int?
  package var board: Int?
  package var product: Int?
  package var checksumMatches: Bool

  package init(parsing bytes: [UInt8]) throws(WireError) {
    var reader = ByteReader(bytes)
    let all = Array(try reader.readBytes(Self.length, "inventory header"))
    guard all[0] & 0x0f == 1 else {
      throw WireError(
        field: "inventory format", offset: 0, reason: .invalid("is \(all[0] & 0x0f), not 1"))
    }
    func offset(_ index: Int) -> Int? { all[index] == 0 ? nil : Int(all[index]) * 8 }
    chassis = offset(2)
    board = offset(3)
    product = offset(4)
    checksumMatches = all.reduce(0, &+) == 0
  }
}

package struct InventoryArea: Encodable, Equatable, Sendable {
  package enum Kind: Sendable {
    case chassis, board, product

    /// Of the fields in their order; more are the vendor's.
    var names: [String] {
      switch self {
      case .chassis: ["Chassis Part Number", "Chassis Serial"]
      case .board:
        ["Board Mfg", "Board Product", "Board Serial", "Board Part Number", "Board FRU ID"]
      case .product:
        [
          "Product Manufacturer", "Product Name", "Product Part Number", "Product Version",
          "Product Serial", "Product Asset Tag", "Product FRU ID",
        ]
      }
    }
    var extra: String {
      switch self {
      case .chassis: "Chassis Extra"
      case .board: "Board Extra"
      case .product: "Product Extra"
      }
    }
  }

  package struct Field: Encodable, Equatable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package var fields: [Field] = []
  package var checksumMatches: Bool

  /// The length of an area, from its first two bytes.
  package static func length(_ bytes: [UInt8]) throws(WireError) -> Int {
    var reader = ByteReader(bytes)
    try reader.skip(1, "area format")
    return Int(try reader.readUInt8("area length")) * 8
  }

  package init(_ kind: Kind, parsing bytes: [UInt8]) throws(WireError) {
    let length = try Self.length(bytes)
    var whole = ByteReader(bytes)
    checksumMatches = bytes.prefix(length).reduce(0, &+) == 0
    var reader = try whole.readReader(length, "area")
    try reader.skip(2, "area format and length")
    switch kind {
    case .chassis:
      fields.append(Field("Chassis Type", Self.chassisType(try reader.readUInt8("chassis type"))))
    case .board:
      try reader.skip(1, "language")
      let low = try reader.readUInt16LE("manufacturing date")
      let minutes = UInt32(low) | UInt32(try reader.readUInt8("manufacturing date")) << 16
      // Minutes since 1996-01-01 00:00; 0 is "not known".
      if minutes > 0 {
        fields.append(Field("Board Mfg Date", BMCTime(820_454_400 + minutes * 60).text))
      }
    case .product: try reader.skip(1, "language")
    }
    var names = kind.names[...]
    while reader.remaining > 0 {
      let head = try reader.readUInt8("field type and length")
      if head == PackedText.end { break }
      // Areas that end in the middle of a field are found on real boards.
      let count = min(Int(head & 0x3f), reader.remaining)
      let text = PackedText.decode(try reader.readBytes(count, "field"), way: head >> 6)
        .trimmedRight
      let name = names.popFirst() ?? kind.extra
      if !text.isEmpty { fields.append(Field(name, text)) }
    }
  }

  /// SMBIOS 3.x table 17.
  private static func chassisType(_ number: UInt8) -> String {
    let names = [
      "Unspecified", "Other", "Unknown", "Desktop", "Low Profile Desktop", "Pizza Box",
      "Mini Tower", "Tower", "Portable", "LapTop", "Notebook", "Hand Held", "Docking Station",
      "All in One", "Sub Notebook", "Space-saving", "Lunch Box", "Main Server Chassis",
      "Expansion Chassis", "SubChassis", "Bus Expansion Chassis", "Peripheral Chassis",
      "RAID Chassis", "Rack Mount Chassis", "Sealed-case PC", "Multi-system Chassis",
      "Compact PCI", "Advanced TCA", "Blade", "Blade Enclosure",
    ]
    return names.indices.contains(Int(number)) ? names[Int(number)] : "type \(number)"
  }
}
