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

/// A row of IPMI 2.0 table 22-20. Only 3 and 17 are tried without being asked for: the others
/// here do not encrypt. Suite 0 (no password at all), MD5 and RC4 are not offered.
package struct CipherSuite: Hashable, Sendable {
  package let id: UInt8
  package let hash: KeyedHash
  /// Packets carry an authentication code.
  package let authenticates: Bool
  /// Packets are encrypted with AES-CBC-128.
  package let encrypts: Bool

  private init(_ id: UInt8, _ hash: KeyedHash, authenticates: Bool, encrypts: Bool) {
    self.id = id
    self.hash = hash
    self.authenticates = authenticates
    self.encrypts = encrypts
  }

  package static let suite1 = CipherSuite(1, .sha1, authenticates: false, encrypts: false)
  package static let suite2 = CipherSuite(2, .sha1, authenticates: true, encrypts: false)
  /// What every IPMI 2.0 BMC must have.
  package static let suite3 = CipherSuite(3, .sha1, authenticates: true, encrypts: true)
  package static let suite15 = CipherSuite(15, .sha256, authenticates: false, encrypts: false)
  package static let suite16 = CipherSuite(16, .sha256, authenticates: true, encrypts: false)
  /// The best one; OpenBMC's only one.
  package static let suite17 = CipherSuite(17, .sha256, authenticates: true, encrypts: true)

  package static let all = [suite1, suite2, suite3, suite15, suite16, suite17]

  /// In this order, unless one is pinned.
  package static let automatic = [suite17, suite3]

  package init?(id: UInt8) {
    guard let suite = Self.all.first(where: { $0.id == id }) else { return nil }
    self = suite
  }

  package init?(_ numbers: AlgorithmNumbers) {
    guard let suite = Self.all.first(where: { $0.numbers == numbers }) else { return nil }
    self = suite
  }

  package var numbers: AlgorithmNumbers {
    switch hash {
    case .sha1: AlgorithmNumbers(1, authenticates ? 1 : 0, encrypts ? 1 : 0)
    case .sha256: AlgorithmNumbers(3, authenticates ? 4 : 0, encrypts ? 1 : 0)
    }
  }
}
