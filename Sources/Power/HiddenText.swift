/// Power: a password that shows itself nowhere but where it is sent.

/// No description, string interpolation, `dump` or mirror shows it.
package struct HiddenText: Equatable, Sendable {
  let revealed: String

  package init(_ text: String) {
    revealed = text
  }
}

extension HiddenText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "***" }
  package var debugDescription: String { "***" }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
