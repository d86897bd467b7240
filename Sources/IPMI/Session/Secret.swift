/// IPMI: a password that shows itself nowhere.

import Crypto

/// A password or key. No description, string interpolation, `dump` or mirror shows its bytes.
package struct Secret: Sendable, Equatable {
  private let key: SymmetricKey

  package init(_ text: String) {
    self.init(bytes: Array(text.utf8))
  }

  package init(bytes: [UInt8]) {
    key = SymmetricKey(data: bytes)
  }

  package var count: Int { key.withUnsafeBytes { $0.count } }

  package var isEmpty: Bool { count == 0 }

  /// The key of an HMAC, zero-padded to the 20 bytes of IPMI's password field.
  var padded: SymmetricKey {
    key.withUnsafeBytes { bytes in
      SymmetricKey(data: Array(bytes) + Array(repeating: 0, count: max(0, 20 - bytes.count)))
    }
  }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "***" }
  package var debugDescription: String { "***" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
