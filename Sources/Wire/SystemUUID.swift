/// Wire: the SMBIOS UUID of a machine, in its two byte orders.

/// A machine's SMBIOS UUID, kept in the order of its text form.
///
/// SMBIOS and DHCP option 97 carry the first three fields little endian (SMBIOS 2.6 and later);
/// iPXE's `${uuid}` and `dmidecode` show the text form. OVMF and iPXE both do so (Fixtures/captures).
package struct SystemUUID: Hashable, Sendable {
  /// Sixteen bytes in the order of the text form.
  package let bytes: [UInt8]

  /// Sixteen bytes in the order of SMBIOS and of option 97 (after its type byte), or nil.
  package init?(smbios raw: some Collection<UInt8>) {
    guard raw.count == 16 else { return nil }
    let b = Array(raw)
    bytes = [b[3], b[2], b[1], b[0], b[5], b[4], b[7], b[6]] + b[8...]
  }

  /// `00112233-4455-6677-8899-aabbccddeeff`, any case, with or without hyphens; anything else is nil.
  package init?(_ text: some StringProtocol) {
    let digits = text.filter { $0 != "-" }
    guard digits.count == 32 else { return nil }
    var bytes: [UInt8] = []
    var high: Int?
    for character in digits {
      guard character.isASCII, let digit = character.hexDigitValue else { return nil }
      if let first = high {
        bytes.append(UInt8(first << 4 | digit))
        high = nil
      } else {
        high = digit
      }
    }
    self.bytes = bytes
  }

  /// False for the fillers that many boards share: all zero, all ones, four equal words, and
  /// 03000200-0400-0500-0006-000700080009. Such a machine is known by its MAC address alone.
  package var isIdentity: Bool {
    let isOneWord = (4..<bytes.count).allSatisfy { bytes[$0] == bytes[$0 - 4] }
    return !isOneWord && bytes != Self.filler
  }

  private static let filler: [UInt8] = [3, 0, 2, 0, 4, 0, 5, 0, 0, 6, 0, 7, 0, 8, 0, 9]
}

extension SystemUUID: CustomStringConvertible {
  package var description: String {
    var text = ""
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { text += "-" }
      text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return text
  }
}
