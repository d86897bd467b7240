/// Power: where a BMC's or a vCenter's web service is, as a person writes it.

import Wire

/// `10.0.0.7`, `bmc7.example.net:8443`, `[2001:db8::7]:443`, `https://bmc7/`, `http://127.0.0.1:8000`.
/// HTTPS unless `http://` is written.
package struct WebAddress: Hashable, Sendable {
  package let isSecure: Bool
  /// In lower case; an IPv6 address without brackets.
  package let host: String
  package let port: UInt16

  /// `port` applies where the text has none; nil is the scheme's own.
  package init?(_ text: String, port defaultPort: UInt16? = nil) {
    var rest = text[...]
    var isSecure = true
    if let end = rest.firstRange(of: "://") {
      switch rest[..<end.lowerBound].lowercased() {
      case "https": break
      case "http": isSecure = false
      default: return nil
      }
      rest = rest[end.upperBound...]
    }
    if rest.last == "/" { rest.removeLast() }
    guard let (host, port) = Self.split(rest) else { return nil }
    self.isSecure = isSecure
    self.host = host
    self.port = port ?? defaultPort ?? (isSecure ? 443 : 80)
  }

  /// Host and port, in brackets where the host is an IPv6 address. Nil for a port that is none.
  static func split(_ text: Substring) -> (host: String, port: UInt16?)? {
    var host = text
    var port: Substring?
    if text.first == "[" {
      guard let end = text.firstIndex(of: "]") else { return nil }
      host = text[..<end].dropFirst()
      let after = text[end...].dropFirst()
      guard IPv6Address(String(host)) != nil, after.isEmpty || after.first == ":" else {
        return nil
      }
      port = after.isEmpty ? nil : after.dropFirst()
    } else if IPv6Address(String(text)) == nil {
      if let colon = text.firstIndex(of: ":") {
        host = text[..<colon]
        port = text[colon...].dropFirst()
      }
      guard isName(host) else { return nil }
    }
    guard let port else { return (host.lowercased(), nil) }
    guard let number = UInt16(port), number > 0 else { return nil }
    return (host.lowercased(), number)
  }

  /// Letters, digits, hyphens, dots, underscores. Digits and dots alone must be an address.
  private static func isName(_ text: Substring) -> Bool {
    let letters = text.utf8
    guard !letters.isEmpty, letters.count <= 253, letters.first != UInt8(ascii: "-") else {
      return false
    }
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    if letters.allSatisfy({ digits.contains($0) || $0 == UInt8(ascii: ".") }) {
      return IPv4Address(String(text)) != nil
    }
    return text.allSatisfy { letter in
      letter.isASCII && (letter.isLetter || letter.isNumber || "-._".contains(letter))
    }
  }

  /// `https://10.0.0.7:8443`
  var origin: String { "\(isSecure ? "https" : "http")://\(authority)" }

  private var authority: String {
    let name = host.contains(":") ? "[\(host)]" : host
    return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
  }
}

extension WebAddress: CustomStringConvertible {
  /// `10.0.0.7:8443`; the scheme only where it is not HTTPS.
  package var description: String { isSecure ? authority : origin }
}
