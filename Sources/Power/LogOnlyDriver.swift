/// Power: changes nothing and says what it would have done, for trials and for machines without a BMC.

/// Sherry's "dummy" power driver: somebody presses the button.
package struct LogOnlyDriver: PowerDriver {
  package static let name = "log"

  package let target: String
  private let log: @Sendable (String) -> Void

  /// `log` takes the one line that each request leaves.
  package init(_ target: String, log: @escaping @Sendable (String) -> Void) {
    self.target = target
    self.log = log
  }

  package var queueKey: String { "log://\(target)" }

  package func perform(
    _ request: PowerRequest, limit: Duration
  ) async throws(PowerError) -> PowerOutcome {
    let text = "\(target): \(request) (only logged; power driver “\(Self.name)”)"
    log(text)
    return PowerOutcome(target: target, driver: Self.name, request: request, text: text)
  }
}
