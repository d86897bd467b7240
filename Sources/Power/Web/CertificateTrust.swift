/// Power: which certificate a web service must show.

/// BMCs sign their certificates themselves; what a person can do is to write down its fingerprint.
package enum CertificateTrust: Hashable, Sendable {
  /// A chain to an authority that this machine trusts, for this host's name.
  case system
  /// Exactly this certificate, whatever its name and dates.
  case pinned(CertificateFingerprint)
}

/// The SHA-256 of a certificate in DER.
package struct CertificateFingerprint: Hashable, Sendable {
  let bytes: [UInt8]

  init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// 64 hexadecimal digits; colons, spaces and a leading `sha256` as `openssl x509` prints them are
  /// read over.
  package init?(_ text: String) {
    var rest = text.lowercased().filter { !$0.isWhitespace }[...]
    if let equals = rest.lastIndex(of: "=") { rest = rest[equals...].dropFirst() }
    if rest.hasPrefix("sha256:") { rest = rest.dropFirst("sha256:".count) }
    let digits = rest.filter { $0 != ":" }.map { $0.isASCII ? $0.hexDigitValue : nil }
    guard digits.count == 64 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: 64, by: 2) {
      guard let high = digits[index], let low = digits[index + 1] else { return nil }
      bytes.append(UInt8(high << 4 | low))
    }
    self.bytes = bytes
  }
}

extension CertificateFingerprint: CustomStringConvertible {
  /// `AB:CD:…`, as openssl prints it.
  package var description: String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }
      .joined(separator: ":")
  }
}
