/// IPMI: where a BMC is, as a person writes it.

package import Wire

/// `10.0.0.7`, `10.0.0.7:9623`, `bmc7.example.net`, `bmc7.example.net:9623`, `2001:db8::7`,
/// `[2001:db8::7]`, `[2001:db8::7]:9623`.
package struct BMCAddress: Hashable, Sendable {
  package static let standardPort: UInt16 = 623

  /// In lower case; an IPv6 address in RFC 5952's spelling, without brackets.
  package let host: String
  package let port: UInt16

  package init(_ text: String, defaultPort: UInt16 = standardPort) throws(IPMIError) {
    guard let (name, number) = Self.split(text) else { throw .badAddress(text) }
    if let address = IPv6Address(name) {
      host = (address.mappedIPv4.map(IPAddress.v4) ?? .v6(address)).description
    } else {
      host = name.lowercased()
      guard !text.hasPrefix("["), Self.isHost(host) else { throw .badAddress(text) }
    }
    guard let number else {
      port = defaultPort
      return
    }
    guard let value = UInt16(number), value > 0 else { throw .badAddress(text) }
    port = value
  }

  package init(_ endpoint: Endpoint) {
    host = endpoint.address.description
    port = endpoint.port
  }

  /// What needs no resolver.
  package var address: IPAddress? { IPAddress(host) }

  /// Host and, if there is one, the text behind the colon.
  private static func split(_ text: String) -> (String, String?)? {
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      let host = String(text[text.index(after: text.startIndex)..<end])
      let rest = text[text.index(after: end)...]
      if rest.isEmpty { return (host, nil) }
      return rest.hasPrefix(":") ? (host, String(rest.dropFirst())) : nil
    }
    // Several colons without brackets: an address as it is, and no port.
    if IPv6Address(text) != nil { return (text, nil) }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2 else { return nil }
    return (String(parts[0]), parts.count == 2 ? String(parts[1]) : nil)
  }

  /// Letters, digits, hyphens, dots. Digits and dots alone must be an address: `10.1` is none,
  /// although the C library would take it for 10.0.0.1.
  private static func isHost(_ text: String) -> Bool {
    let letters = text.utf8
    guard !letters.isEmpty, letters.count <= 253 else { return false }
    if letters.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") }) {
      return IPv4Address(text) != nil
    }
    return letters.first != UInt8(ascii: "-")
      && letters.allSatisfy { byte in
        isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || [UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_")].contains(byte)
      }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

extension BMCAddress: CustomStringConvertible {
  package var description: String {
    if case .v6? = address { return port == Self.standardPort ? "[\(host)]" : "[\(host)]:\(port)" }
    return port == Self.standardPort ? host : "\(host):\(port)"
  }
}
