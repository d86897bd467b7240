/// Wire: an IPv4 address, in DHCP's fields and in the URLs that machines are given.

package struct IPv4Address: Hashable, Sendable {
  /// Host byte order: 10.0.0.1 is 0x0a000001.
  package let value: UInt32

  package init(value: UInt32) {
    self.value = value
  }

  package init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
    self.init(value: UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d))
  }

  /// Exactly four bytes in wire order, or nil.
  package init?(bytes: some Collection<UInt8>) {
    self.init(bytes: Array(bytes.prefix(5))[...])
  }

  /// The same for a part of a message; not generic, because it is read out of many of them.
  package init?(bytes: ArraySlice<UInt8>) {
    guard bytes.count == 4 else { return nil }
    var value: UInt32 = 0
    for byte in bytes { value = value << 8 | UInt32(byte) }
    self.init(value: value)
  }

  /// Dotted decimal with exactly four parts, no leading zeros; anything else is nil.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard let byte = UInt8(part), String(byte) == part else { return nil }
      value = value << 8 | UInt32(byte)
    }
    self.init(value: value)
  }

  /// Four bytes in wire order.
  package var bytes: [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
  }

  package static let any = IPv4Address(value: 0)
  package static let broadcast = IPv4Address(value: 0xffff_ffff)
  package static let loopback = IPv4Address(127, 0, 0, 1)

  /// 0.0.0.0, DHCP's "none".
  package var isUnspecified: Bool { value == 0 }
}

extension IPv4Address {
  /// Dotted decimal, as `description` has it, 15 bytes at most.
  package func encodeText(into writer: inout ByteWriter) {
    var shift: UInt32 = 32
    while shift > 0 {
      shift -= 8
      let byte = UInt8(truncatingIfNeeded: value >> shift)
      if byte > 99 { writer.write(0x30 + byte / 100) }
      if byte > 9 { writer.write(0x30 + byte / 10 % 10) }
      writer.write(0x30 + byte % 10)
      if shift > 0 { writer.write(0x2e as UInt8) }
    }
  }
}

extension IPv4Address: CustomStringConvertible {
  package var description: String { bytes.map(String.init).joined(separator: ".") }
}

/// A network: an address of ours together with the length of its prefix.
package struct IPv4Network: Hashable, Sendable {
  package var address: IPv4Address
  /// 0 to 32.
  package var prefixLength: Int

  package init(_ address: IPv4Address, prefixLength: Int) {
    self.address = address
    self.prefixLength = min(max(prefixLength, 0), 32)
  }

  package var mask: IPv4Address {
    IPv4Address(value: prefixLength == 0 ? 0 : ~UInt32(0) << UInt32(32 - prefixLength))
  }

  package func contains(_ other: IPv4Address) -> Bool {
    other.value & mask.value == address.value & mask.value
  }
}

extension IPv4Network: CustomStringConvertible {
  package var description: String { "\(address)/\(prefixLength)" }
}
