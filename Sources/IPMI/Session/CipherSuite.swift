/// IPMI: which algorithms a session uses.

/// The three numbers as they are in Open Session.
package struct AlgorithmNumbers: Hashable, Sendable {
  package var authentication: UInt8
  package var integrity: UInt8
  package var confidentiality: UInt8

  package init(_ authentication: UInt8, _ integrity: UInt8, _ confidentiality: UInt8) {
    self.authentication = authentication
    self.integrity = integrity
    self.confidentiality = confidentiality
  }
}

/// A row of IPMI 2.0 table 22-20. Those with RC4 (4, 5, 9, 10, 13, 14) are not offered.
package struct CipherSuite: Hashable, Sendable {
  package let id: UInt8
  /// Of the login.
  package let hash: KeyedHash
  /// Of the packets.
  package let integrity: Integrity
  /// Packets are encrypted with AES-CBC-128.
  package let encrypts: Bool

  private init(_ id: UInt8, _ hash: KeyedHash, _ integrity: Integrity, encrypts: Bool = false) {
    self.id = id
    self.hash = hash
    self.integrity = integrity
    self.encrypts = encrypts
  }

  /// Packets carry an authentication code.
  package var authenticates: Bool { integrity != .none }

  /// No password at all: anybody who knows a user's name is let in. Only when it is asked for.
  package static let suite0 = CipherSuite(0, .none, .none)
  package static let suite1 = CipherSuite(1, .sha1, .none)
  package static let suite2 = CipherSuite(2, .sha1, .hmacSHA1)
  /// What every IPMI 2.0 BMC must have.
  package static let suite3 = CipherSuite(3, .sha1, .hmacSHA1, encrypts: true)
  package static let suite6 = CipherSuite(6, .md5, .none)
  package static let suite7 = CipherSuite(7, .md5, .hmacMD5)
  package static let suite8 = CipherSuite(8, .md5, .hmacMD5, encrypts: true)
  package static let suite11 = CipherSuite(11, .md5, .md5)
  package static let suite12 = CipherSuite(12, .md5, .md5, encrypts: true)
  package static let suite15 = CipherSuite(15, .sha256, .none)
  package static let suite16 = CipherSuite(16, .sha256, .hmacSHA256)
  /// The best one; OpenBMC's only one.
  package static let suite17 = CipherSuite(17, .sha256, .hmacSHA256, encrypts: true)

  package static let all = [
    suite0, suite1, suite2, suite3, suite6, suite7, suite8, suite11, suite12, suite15, suite16,
    suite17,
  ]

  /// In this order, unless one is pinned.
  package static let automatic = [suite17, suite3]

  /// In this order when the BMC refuses those and lists what it has: encrypted ones first. The list
  /// comes from nobody known, so a suite whose packets anybody could forge is not in here.
  package static let listed = [suite12, suite8, suite16, suite2, suite7, suite11]

  package init?(id: UInt8) {
    guard let suite = Self.all.first(where: { $0.id == id }) else { return nil }
    self = suite
  }

  package init?(_ numbers: AlgorithmNumbers) {
    guard let suite = Self.all.first(where: { $0.numbers == numbers }) else { return nil }
    self = suite
  }

  package var numbers: AlgorithmNumbers {
    AlgorithmNumbers(hash.rawValue, integrity.rawValue, encrypts ? 1 : 0)
  }
}
