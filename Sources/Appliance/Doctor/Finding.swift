/// Appliance: one thing that the doctor looked at, and what to do about it.

/// JSON as it is.
package struct Finding: Equatable, Encodable, Sendable {
  package enum Severity: String, Comparable, Encodable, Sendable {
    case ok
    /// Worth knowing; nothing is to be done.
    case note
    /// Some machines may not boot.
    case warning
    /// Machines will not boot.
    case problem

    private var rank: Int {
      switch self {
      case .ok: 0
      case .note: 1
      case .warning: 2
      case .problem: 3
      }
    }

    package static func < (one: Severity, other: Severity) -> Bool { one.rank < other.rank }
  }

  /// `ports`, `rights`, `links`, `network`, `firewall`, `clock`, `loaders`, `images`, `power`.
  package var check: String
  package var severity: Severity
  /// One sentence.
  package var text: String
  /// What to do; nil where there is nothing to do.
  package var remedy: String?

  package init(
    _ check: String, _ severity: Severity, _ text: String, remedy: String? = nil
  ) {
    self.check = check
    self.severity = severity
    self.text = text
    self.remedy = remedy
  }
}
