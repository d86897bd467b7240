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
    let kept = text.unicodeScalars.filter {
      $0.properties.isAlphabetic || $0.properties.numericType != nil
    }
    guard kept.count == 12 else { return nil }
    var value: UInt64 = 0
    for scalar in kept {
      guard let digit = Character(scalar).hexDigitValue, scalar.isASCII else { return nil }
      value = value << 4 | UInt64(digit)
    }
    self.init(value: value)
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
  package var plain: String { joined("") }

  private func joined(_ separator: String) -> String {
    bytes.map { Self.hex($0) }.joined(separator: separator)
  }

  private static func hex(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}

extension MACAddress: CustomStringConvertible {
  /// `52:54:00:aa:00:01`
  package var description: String { joined(":") }
}
