/// IPMI: the hashes of logins and packets, and comparing their results.

import Crypto

/// What proves the password in a login; the number is Open Session's (IPMI 2.0 table 13-17).
package enum KeyedHash: UInt8, Sendable {
  /// Nothing is proved (suite 0).
  case none = 0
  case sha1 = 1
  case md5 = 2
  case sha256 = 3

  /// Bytes of a key exchange code.
  package var codeLength: Int {
    switch self {
    case .none: 0
    case .sha1: Insecure.SHA1.byteCount
    case .md5: Insecure.MD5.byteCount
    case .sha256: SHA256.byteCount
    }
  }

  /// Bytes of the check value in RAKP 4 (IPMI 2.0 §13.28.1).
  package var integrityLength: Int {
    switch self {
    case .none: 0
    case .sha1: 12
    case .md5, .sha256: 16
    }
  }

  func code(of data: [UInt8], key: SymmetricKey) -> [UInt8] {
    switch self {
    case .none: []
    case .sha1: Array(HMAC<Insecure.SHA1>.authenticationCode(for: data, using: key))
    case .md5: Array(HMAC<Insecure.MD5>.authenticationCode(for: data, using: key))
    case .sha256: Array(HMAC<SHA256>.authenticationCode(for: data, using: key))
    }
  }

  /// The same as a key, which is wiped when nobody needs it any more.
  func key(of data: [UInt8], key: SymmetricKey) -> SymmetricKey {
    switch self {
    case .none: SymmetricKey(data: [])
    case .sha1:
      SymmetricKey(data: HMAC<Insecure.SHA1>.authenticationCode(for: data, using: key))
    case .md5: SymmetricKey(data: HMAC<Insecure.MD5>.authenticationCode(for: data, using: key))
    case .sha256: SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: data, using: key))
    }
  }
}

/// What signs the packets of a session (IPMI 2.0 table 13-18).
package enum Integrity: UInt8, Sendable {
  case none = 0
  /// HMAC-SHA1-96
  case hmacSHA1 = 1
  /// HMAC-MD5-128
  case hmacMD5 = 2
  /// MD5-128: no HMAC, but the password around the data, as in IPMI 1.5.
  case md5 = 3
  /// HMAC-SHA256-128
  case hmacSHA256 = 4

  package var codeLength: Int {
    switch self {
    case .none: 0
    case .hmacSHA1: 12
    case .hmacMD5, .md5, .hmacSHA256: 16
    }
  }

  func code(of data: ArraySlice<UInt8>, keys: SessionKeys) -> [UInt8] {
    switch self {
    case .none:
      return []
    case .hmacSHA1:
      return Array(
        HMAC<Insecure.SHA1>.authenticationCode(for: Array(data), using: keys.k1).prefix(12))
    case .hmacMD5:
      return Array(HMAC<Insecure.MD5>.authenticationCode(for: Array(data), using: keys.k1))
    case .hmacSHA256:
      return Array(HMAC<SHA256>.authenticationCode(for: Array(data), using: keys.k1).prefix(16))
    case .md5:
      return keys.password.withUnsafeBytes { password in
        var hash = Insecure.MD5()
        hash.update(bufferPointer: password)
        hash.update(data: Array(data))
        hash.update(bufferPointer: password)
        return Array(hash.finalize())
      }
    }
  }
}

/// Takes the same time wherever the first difference is, so that a forger learns nothing from it.
func constantTimeEqual(_ a: some Collection<UInt8>, _ b: some Collection<UInt8>) -> Bool {
  guard a.count == b.count else { return false }
  return zip(a, b).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
}
