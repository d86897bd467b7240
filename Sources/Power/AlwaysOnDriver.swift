/// Power: Bergenholm's `dummy`: a machine that is always on.

import IPMI

package struct AlwaysOnDriver: PowerDriver {
  package static let name = "dummy"

  package let target: String

  /// `host` is its id.
  package init(_ host: String) {
    target = host
  }

  package var queueKey: String { "dummy://\(target)" }

  package func perform(
    _ request: PowerRequest, limit: Duration
  ) async throws(PowerError) -> PowerOutcome {
    PowerOutcome(
      target: target, driver: Self.name, request: request, before: .on, after: .on,
      text: request == .status
        ? "\(target) is on (power driver “\(Self.name)”)"
        : "\(target): “\(request)” is not done by the power driver “\(Self.name)”")
  }
}
