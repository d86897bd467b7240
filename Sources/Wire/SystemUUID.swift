/// Wire: the SMBIOS UUID of a machine, in its two byte orders.

/// A machine's SMBIOS UUID, kept in the order of its text form.
///
/// SMBIOS and DHCP option 97 carry the first three fields little endian (SMBIOS 2.6 and later);
/// iPXE's `${uuid}` and `dmidecode` show the text form. OVMF and iPXE both do so (Fixtures/captures).
package struct SystemUUID: Hashable, Sendable {
  /// The halves of the text form, the first digit highest.
  private let high: UInt64
  private let low: UInt64

  /// Sixteen bytes in the order of the text form.
  package var bytes: [UInt8] {
    var writer = ByteWriter(capacity: 16)
    writer.write(high)
    writer.write(low)
    return writer.bytes
  }

  /// Sixteen bytes in the order of SMBIOS and of option 97 (after its type byte), or nil.
  package init?(smbios raw: some Collection<UInt8>) {
    self.init(smbios: Array(raw)[...])
  }

  /// The same for a part of a message; not generic, because it is read out of every question.
  package init?(smbios raw: ArraySlice<UInt8>) {
    guard raw.count == 16 else { return nil }
    var fields: UInt64 = 0
    var rest: UInt64 = 0
    for byte in raw.prefix(8) { fields = fields << 8 | UInt64(byte) }
    for byte in raw.dropFirst(8) { rest = rest << 8 | UInt64(byte) }
    let first = UInt32(truncatingIfNeeded: fields >> 32).byteSwapped
    let second = UInt16(truncatingIfNeeded: fields >> 16).byteSwapped
    let third = UInt16(truncatingIfNeeded: fields).byteSwapped
    high = UInt64(first) << 32 | UInt64(second) << 16 | UInt64(third)
    low = rest
  }

  /// `00112233-4455-6677-8899-aabbccddeeff`, any case, with or without hyphens; anything else is nil.
  package init?(_ text: some StringProtocol) {
    let digits = text.filter { $0 != "-" }
    guard digits.count == 32 else { return nil }
    var high: UInt64 = 0
    var low: UInt64 = 0
    for character in digits {
      guard character.isASCII, let digit = character.hexDigitValue else { return nil }
      high = high << 4 | low >> 60
      low = low << 4 | UInt64(digit)
    }
    self.high = high
    self.low = low
  }

  /// False for the fillers that many boards share: all zero, all ones, four equal words, and
  /// 03000200-0400-0500-0006-000700080009. Such a machine is known by its MAC address alone.
  package var isIdentity: Bool {
    let areFourEqualWords = high == low && high >> 32 == high & 0xffff_ffff
    let isCommonFiller = high == 0x0300_0200_0400_0500 && low == 0x0006_0007_0008_0009
    return !areFourEqualWords && !isCommonFiller
  }
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
