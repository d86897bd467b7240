/// TFTP: a file name that can be looked up, made of the bytes that a client sent.

/// Firmware sends names with leading slashes, backslashes, the server's own folder in front, and
/// bytes behind. The cleaned name is relative, with single slashes and without `.` and `..`.
package struct TFTPFilename: Equatable, Sendable {
  /// Why a name cannot be looked up.
  package enum Refusal: Error, Equatable, Sendable {
    case empty
    /// Has a `..`.
    case climbs
    /// Has control characters, or bytes that are not UTF-8.
    case unreadable
  }

  package let cleaned: String

  /// `roots` are folders that clients put in front because other servers have their files there.
  package init(
    cleaning bytes: [UInt8], roots: [String] = Self.customaryRoots
  ) throws(Refusal) {
    var name = bytes.prefix { $0 != 0 }
    // ROMs that read option 67 past its end pick up the END option (255) and more
    // (netboot.xyz issue 1198).
    while let last = name.last, !(0x20..<0x7f).contains(last) { name.removeLast() }
    guard let text = String(validating: name, as: UTF8.self),
      !text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7f..<0xa0).contains($0.value) })
    else { throw .unreadable }
    // Bytes, not characters: to Swift a slash followed by a combining accent is no slash, to the
    // file system it is one.
    var parts = text.utf8.split { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\") }
      .compactMap(String.init).filter { $0 != "." }
    guard !parts.contains("..") else { throw .climbs }
    for root in roots {
      let prefix = root.split(separator: "/").map(String.init)
      if parts.count > prefix.count, parts.starts(with: prefix) {
        parts.removeFirst(prefix.count)
        break
      }
    }
    guard !parts.isEmpty else { throw .empty }
    cleaned = parts.joined(separator: "/")
  }

  package static let customaryRoots = ["tftpboot", "var/lib/tftpboot", "srv/tftp"]

  /// For logs: what the client sent, with everything that is not printable ASCII as `\xNN`.
  package static func printable(_ bytes: [UInt8]) -> String {
    var text = ""
    for byte in bytes.prefix(128) {
      if (0x20..<0x7f).contains(byte) {
        text.unicodeScalars.append(UnicodeScalar(byte))
      } else {
        text += (byte < 16 ? "\\x0" : "\\x") + String(byte, radix: 16)
      }
    }
    return bytes.count > 128 ? text + "…" : text
  }
}
