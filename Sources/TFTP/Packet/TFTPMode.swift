/// TFTP: how the bytes of a file are to be carried (RFC 1350 §1).

/// Open, because a client may send any word. Words have no case; ours are lower case.
package struct TFTPMode: RawRepresentable, Hashable, Sendable {
  package let rawValue: String

  package init(rawValue: String) {
    self.rawValue = rawValue.lowercased()
  }

  package static let octet = TFTPMode(rawValue: "octet")
  package static let netascii = TFTPMode(rawValue: "netascii")
  /// Obsolete since RFC 1350.
  package static let mail = TFTPMode(rawValue: "mail")
}

extension TFTPMode: CustomStringConvertible {
  package var description: String { rawValue }
}
