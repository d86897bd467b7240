/// Wire: bytes for people to read, in logs and goldens.

/// Sixteen bytes a line: offset, hexadecimal, printable ASCII.
package struct HexDump: CustomStringConvertible, Sendable {
  private let bytes: [UInt8]

  package init(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
  }

  package var description: String {
    stride(from: 0, to: bytes.count, by: 16).map { start in
      let line = bytes[start..<min(start + 16, bytes.count)]
      let hex = line.map { Self.hex(UInt64($0), digits: 2) }.joined(separator: " ")
      let text = line.map { (0x20..<0x7f).contains($0) ? String(UnicodeScalar($0)) : "." }.joined()
      let gap = String(repeating: " ", count: 47 - hex.count)
      return "\(Self.hex(UInt64(start), digits: 4))  \(hex)\(gap)  \(text)"
    }.joined(separator: "\n")
  }

  /// Lower-case hexadecimal without separators.
  package static func plain(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { hex(UInt64($0), digits: 2) }.joined()
  }

  /// The bytes of lower- or upper-case hexadecimal text; nil when it is anything else.
  package static func parse(_ text: some StringProtocol) -> [UInt8]? {
    let digits = text.map(\.hexDigitValue)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[index], let low = digits[index + 1] else { return nil }
      bytes.append(UInt8(high << 4 | low))
    }
    return bytes
  }

  private static func hex(_ value: UInt64, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
