/// IPMI: the HMACs of RAKP, and comparing their results.

import Crypto

/// The hash behind a cipher suite's authentication and integrity (IPMI 2.0 §13.28).
package enum KeyedHash: Sendable {
  case sha1
  case sha256

  /// Bytes of a key exchange code.
  package var codeLength: Int {
    switch self {
    case .sha1: Insecure.SHA1.byteCount
    case .sha256: SHA256.byteCount
    }
  }

  /// Bytes of an integrity value in RAKP 4 and at the end of a packet: HMAC-SHA1-96, HMAC-SHA256-128.
  package var integrityLength: Int {
    switch self {
    case .sha1: 12
    case .sha256: 16
    }
  }

  func code(of data: [UInt8], key: SymmetricKey) -> [UInt8] {
    switch self {
    case .sha1: Array(HMAC<Insecure.SHA1>.authenticationCode(for: data, using: key))
    case .sha256: Array(HMAC<SHA256>.authenticationCode(for: data, using: key))
    }
  }
}

/// Takes the same time wherever the first difference is, so that a forger learns nothing from it.
func constantTimeEqual(_ a: some Collection<UInt8>, _ b: some Collection<UInt8>) -> Bool {
  guard a.count == b.count else { return false }
  return zip(a, b).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
}
