/// IPMI: who logs in to a BMC, and how.

package struct IPMILogin: Sendable, Equatable {
  package static let maximumPasswordLength = 20

  package let username: [UInt8]
  package let password: Secret
  /// The BMC's own key, where an administrator has set one (two-key login).
  package let kg: Secret?
  /// The most that is ever asked for; a session asks for what its commands need.
  package let privilege: PrivilegeLevel
  /// Tried in this order.
  package let suites: [CipherSuite]
  /// One suite was named: no other is taken.
  package let isPinned: Bool
  package let legacy: LegacyUse
  /// Those that an operator knows of.
  package let quirks: Set<BMCQuirk>

  /// Names and passwords that are too long are refused: a BMC that cuts them off silently is the
  /// usual reason for a password that "does not work". `suite` pins one suite; suite 0, IPMI 1.5 and
  /// those suites that anybody can forge are spoken only when they are named here.
  package init(
    username: String, password: Secret, kg: Secret? = nil,
    privilege: PrivilegeLevel = .administrator, suite: CipherSuite? = nil,
    legacy: LegacyUse = .never, quirks: Set<BMCQuirk> = []
  ) throws(IPMIError) {
    self.username = Array(username.utf8)
    guard self.username.count <= RAKP1.maximumNameLength else {
      throw .tooLong(.username, limit: RAKP1.maximumNameLength)
    }
    guard password.count <= Self.maximumPasswordLength else {
      throw .tooLong(.password, limit: Self.maximumPasswordLength)
    }
    guard (kg?.count ?? 0) <= Self.maximumPasswordLength else {
      throw .tooLong(.kg, limit: Self.maximumPasswordLength)
    }
    self.password = password
    self.kg = kg.flatMap { $0.isZero ? nil : $0 }
    self.privilege = privilege
    if case .only = legacy, password.count > LegacySeal.maximumPasswordLength {
      throw .tooLong(.password, limit: LegacySeal.maximumPasswordLength)
    }
    suites = suite.map { [$0] } ?? CipherSuite.automatic
    isPinned = suite != nil
    self.legacy = legacy
    self.quirks = quirks
  }
}
