/// Power: what came of a request, for a person and for a program.

package import IPMI

/// The fields are JSON as they are; `text` is one line for people.
package struct PowerOutcome: Equatable, Codable, Sendable {
  /// The machine's BMC, as it was configured: `10.0.0.7`.
  package var target: String
  package var driver: String
  /// `power cycle`, `power status`, …
  package var request: String
  /// `power cycle`, `power on`, …; nil when nothing had to be sent.
  package var sent: String?
  package var before: PowerState?
  /// Seen after the command, where somebody looked.
  package var after: PowerState?
  /// `pxe`, `disk`, `none`: set by this request.
  package var bootDevice: String?
  package var warnings: [String]
  package var text: String

  package init(
    target: String, driver: String, request: PowerRequest, sent: String? = nil,
    before: PowerState? = nil, after: PowerState? = nil, bootDevice: String? = nil,
    warnings: [String] = [], text: String
  ) {
    self.target = target
    self.driver = driver
    self.request = "\(request)"
    self.sent = sent
    self.before = before
    self.after = after
    self.bootDevice = bootDevice
    self.warnings = warnings
    self.text = text
  }
}
