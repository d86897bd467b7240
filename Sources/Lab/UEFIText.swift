/// Lab: text and identifiers as UEFI stores them.

internal import Wire

/// Text is UTF-16, little endian, closed by a zero.
enum UEFIText {
  static func encode(_ text: String) -> [UInt8] {
    (Array(text.utf16) + [0]).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
  }

  /// Nil for lone surrogates.
  static func decode(_ units: some Collection<UInt16>) -> String? {
    let text = String(decoding: units, as: UTF16.self)
    return Array(text.utf16) == Array(units) ? text : nil
  }
}

/// A GUID: its first three fields are little endian (UEFI 2.10 appendix A).
package struct UEFIGUID: Hashable, Sendable {
  package let bytes: [UInt8]

  package init(_ a: UInt32, _ b: UInt16, _ c: UInt16, _ rest: [UInt8]) {
    var writer = ByteWriter(capacity: 16)
    writer.writeLE(a)
    writer.writeLE(b)
    writer.writeLE(c)
    writer.write(rest.prefix(8))
    writer.pad(to: 16)
    bytes = writer.bytes
  }

  init(parsing reader: inout ByteReader) throws(WireError) {
    bytes = Array(try reader.readBytes(16, "GUID"))
  }

  /// EFI_GLOBAL_VARIABLE: whose the boot variables are (UEFI 2.10 §3.3).
  package static let globalVariable = UEFIGUID(
    0x8be4_df61, 0x93ca, 0x11d2, [0xaa, 0x0d, 0x00, 0xe0, 0x98, 0x03, 0x2b, 0x8c])
}
