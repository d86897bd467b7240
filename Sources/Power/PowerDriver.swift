/// Power: one way to switch one machine.

/// A driver is made for one machine, with all that it needs to reach it.
package protocol PowerDriver: Sendable {
  /// `ipmi`, `log`, …
  static var name: String { get }
  /// The machine's BMC, for people.
  var target: String { get }
  /// Requests with the same key never overlap.
  var queueKey: String { get }
  /// Whether it can say what the machine boots next.
  var setsBootDevice: Bool { get }

  /// Returns or throws at the latest when `limit` is over.
  func perform(
    _ request: PowerRequest, limit: Duration
  ) async throws(PowerError) -> PowerOutcome
}

extension PowerDriver {
  package var setsBootDevice: Bool { true }
}
