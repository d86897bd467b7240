/// IPMI: how much a session may do, and when it asks for more.

/// A session begins at `user` (IPMI 2.0 §13.17), which is enough to look; it is raised when a command
/// needs more, or when the BMC says so.
package struct SessionPrivilege: Equatable, Sendable {
  package private(set) var current = PrivilegeLevel.user
  /// What was asked for at login.
  package private(set) var ceiling: PrivilegeLevel
  private var wasAsked = false

  package init(ceiling: PrivilegeLevel) {
    self.ceiling = ceiling
  }

  /// What must be asked for before `request`; nil: nothing.
  package func level(before request: CommandRequest) -> PrivilegeLevel? {
    let needed = min(request.privilege, ceiling)
    return needed > current ? ceiling : nil
  }

  /// What may be asked for when the BMC called the privilege too low: iDRAC wants the question even
  /// where the standard does not. nil: there is nothing more to be had.
  package func level(afterRefusal code: CompletionCode) -> PrivilegeLevel? {
    code == .insufficientPrivilege && !wasAsked && ceiling >= .user ? ceiling : nil
  }

  package mutating func raised(to level: PrivilegeLevel) {
    wasAsked = true
    current = level
  }

  /// Some boards grant exactly the user's own level: what else to ask for when `level` was refused.
  package mutating func level(afterDenial level: PrivilegeLevel) -> PrivilegeLevel? {
    guard level > .operator else { return nil }
    ceiling = .operator
    return .operator
  }
}
