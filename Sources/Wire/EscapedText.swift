/// Wire: text that goes into a URL or into a page, so that it can't become more than text.

/// Parts of a URL's path or query.
package enum URLPath {
  private static let unreserved = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)

  /// RFC 3986 §2.3: everything but unreserved characters as %XX.
  package static func encoded(_ part: some StringProtocol) -> String {
    part.utf8.map { byte in
      guard !unreserved.contains(byte) else { return String(UnicodeScalar(byte)) }
      return (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
    }.joined()
  }
}

/// Text in an HTML element or in a quoted attribute.
package enum HTMLText {
  /// By scalars: as a character, `<` with a combining accent behind it would not be `<`.
  package static func escaped(_ text: String) -> String {
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": out.append(contentsOf: "&amp;".unicodeScalars)
      case "<": out.append(contentsOf: "&lt;".unicodeScalars)
      case ">": out.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": out.append(contentsOf: "&quot;".unicodeScalars)
      case "'": out.append(contentsOf: "&#39;".unicodeScalars)
      default: out.append(scalar)
      }
    }
    return String(out)
  }
}
