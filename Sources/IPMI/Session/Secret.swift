/// IPMI: a password that shows itself nowhere.

import Crypto
import Glibc

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

  /// Nothing but zeros, or nothing.
  var isZero: Bool { key.withUnsafeBytes { bytes in bytes.reduce(0, |) == 0 } }

  /// The key of an HMAC, zero-padded to the 20 bytes of IPMI 2.0's password field.
  var padded: SymmetricKey { padded(to: 20) }

  /// Longer ones are cut off. No copy of the bytes stays behind in memory.
  func padded(to length: Int) -> SymmetricKey {
    withUnsafeTemporaryAllocation(byteCount: length, alignment: 1) { field in
      field.initializeMemory(as: UInt8.self, repeating: 0)
      key.withUnsafeBytes { bytes in
        field.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(length)))
      }
      defer { if let start = field.baseAddress { explicit_bzero(start, field.count) } }
      return SymmetricKey(data: UnsafeRawBufferPointer(field))
    }
  }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "***" }
  package var debugDescription: String { "***" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
