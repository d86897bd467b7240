/// IPMI: where a BMC is, as a person writes it.

package import Wire

/// `10.0.0.7`, `10.0.0.7:9623`, `bmc7.example.net`, `bmc7.example.net:9623`.
package struct BMCAddress: Hashable, Sendable {
  package static let standardPort: UInt16 = 623

  /// In lower case.
  package let host: String
  package let port: UInt16

  package init(_ text: String, defaultPort: UInt16 = standardPort) throws(IPMIError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    host = parts[0].lowercased()
    guard parts.count <= 2, Self.isHost(host) else { throw .badAddress(text) }
    guard parts.count == 2 else {
      port = defaultPort
      return
    }
    guard let number = UInt16(parts[1]), number > 0 else { throw .badAddress(text) }
    port = number
  }

  package init(_ endpoint: Endpoint) {
    host = endpoint.address.description
    port = endpoint.port
  }

  /// What needs no resolver.
  package var address: IPv4Address? { IPv4Address(host) }

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
  package var description: String { port == Self.standardPort ? host : "\(host):\(port)" }
}
