/// ControlAPI: the power of a host, by the parameters of its record.

/// What the appliance hands to the power routes.
package struct HostPower: Sendable {
  package enum Verb: String, Sendable {
    case on
    case off
    case reset
  }

  package enum Problem: Error, Equatable, Sendable {
    /// There is no such host, or a parameter that its driver needs is missing.
    case missing(String)
    /// The host has no power driver, or one that this version does not have.
    case noDriver(String)
    /// The BMC did not do its part.
    case failed(String)
  }

  /// `on`, `off` or `unknown`.
  package var status: @Sendable (_ host: String) async throws -> String
  package var change: @Sendable (_ host: String, Verb) async throws -> Void

  package init(
    status: @escaping @Sendable (_ host: String) async throws -> String,
    change: @escaping @Sendable (_ host: String, Verb) async throws -> Void
  ) {
    self.status = status
    self.change = change
  }

  func status(of host: String) async throws -> String { try await status(host) }

  func set(_ host: String, _ verb: Verb) async throws { try await change(host, verb) }
}
