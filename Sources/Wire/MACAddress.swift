/// Wire: the 48-bit hardware address by which a machine is known.

/// An Ethernet address. Six bytes in the low 48 bits, first byte on the wire highest.
package struct MACAddress: Hashable, Sendable {
  package let value: UInt64

  /// The low 48 bits of `value`.
  package init(value: UInt64) {
    self.value = value & 0xffff_ffff_ffff
  }

  /// Exactly six bytes, or nil.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 6 else { return nil }
    self.init(value: bytes.reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// Reads a person's spelling: any separators, any case (`52:54:00:AA:00:01`, `52-54-00-aa-00-01`,
  /// `5254.00aa.0001`, `525400aa0001`). Everything but letters and digits is dropped; what is left
  /// must be 12 hexadecimal digits, or the answer is nil.
  package init?(_ text: some StringProtocol) {
    var value: UInt64 = 0
    var digits = 0
    for scalar in text.unicodeScalars {
      guard let digit = Self.hexadecimal(scalar) else {
        guard Self.separates(scalar) else { return nil }
        continue
      }
      digits += 1
      guard digits <= 12 else { return nil }
      value = value << 4 | digit
    }
    guard digits == 12 else { return nil }
    self.init(value: value)
  }

  private static func hexadecimal(_ scalar: Unicode.Scalar) -> UInt64? {
    let value = UInt64(scalar.value)
    return switch scalar {
    case "0"..."9": value - 0x30
    case "a"..."f": value - 0x61 + 10
    case "A"..."F": value - 0x41 + 10
    default: nil
    }
  }

  private static func separates(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "g"..."z", "G"..."Z": false
    case _ where scalar.isASCII: true
    default: !scalar.properties.isAlphabetic && scalar.properties.numericType == nil
    }
  }

  /// Six bytes in wire order.
  package var bytes: [UInt8] {
    (0..<6).map { UInt8(truncatingIfNeeded: value >> (40 - 8 * UInt64($0))) }
  }

  /// Group addresses and all zeros name no machine.
  package var isUnicast: Bool {
    value != 0 && value & 0x0100_0000_0000 == 0
  }

  package static let broadcast = MACAddress(value: 0xffff_ffff_ffff)

  /// `52-54-00-aa-00-01`: iPXE's `${mac:hexhyp}`.
  package var hyphenated: String { joined("-") }

  /// `525400aa0001`: iPXE's `${mac:hexraw}`, and Sherry's key.
  package var plain: String { joined(nil) }

  private func joined(_ separator: Unicode.Scalar?) -> String {
    var text = ""
    text.reserveCapacity(17)
    for shift in stride(from: 44, through: 0, by: -4) {
      if let separator, shift % 8 == 4, shift < 44 { text.unicodeScalars.append(separator) }
      let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift) & 15)
      text.unicodeScalars.append(Unicode.Scalar(digit < 10 ? digit + 0x30 : digit + 0x57))
    }
    return text
  }
}

extension MACAddress: CustomStringConvertible {
  /// `52:54:00:aa:00:01`
  package var description: String { joined(":") }
}
