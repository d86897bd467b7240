/// IPMI: what a session may do.

/// IPMI 2.0 §6.8. The numbers are ordered: each level may do all that the lower ones may.
package enum PrivilegeLevel: UInt8, CaseIterable, Comparable, Sendable {
  case callback = 1
  case user = 2
  /// Enough for everything that reinstalls a machine.
  case `operator` = 3
  case administrator = 4

  package static func < (a: PrivilegeLevel, b: PrivilegeLevel) -> Bool { a.rawValue < b.rawValue }

  /// The word of the configuration: `user`, `operator`, `administrator`; anything else is nil.
  package init?(name: String) {
    guard let level = Self.allCases.first(where: { "\($0)" == name }) else { return nil }
    self = level
  }
}
