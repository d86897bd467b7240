/// Power: a machine on the other side of a connection, whatever that connection speaks.

import IPMI

/// What is really sent. A machine that is off is never sent `cycle`, `reset` or `soft`.
package enum PowerCommand: String, Equatable, Sendable {
  case on
  case off
  case cycle
  case reset
  case soft
}

struct SentCommand: Equatable, Sendable {
  /// `power cycle`, `reset (ForceRestart)`: for people.
  var words: String
  /// Whether the machine will be seen switched off before it is on again.
  var passesOff = false
}

struct BootWish: Equatable, Sendable {
  var device: BootDevice
  var efi = false
  var persistent = false
}

struct BootSetting: Equatable, Sendable {
  /// As it was read back: `pxe (EFI) once`.
  var words: String
  var warnings: [String] = []
}

/// Logged in, the machine found. What `send` cannot tell the end of is `DriverError.Kind.uncertain`.
protocol MachineSession: Sendable {
  func state() async throws(DriverError) -> PowerState
  func send(_ command: PowerCommand) async throws(DriverError) -> SentCommand
  func setBootDevice(_ wish: BootWish) async throws(DriverError) -> BootSetting
}

extension BootWish {
  /// `pxe (EFI) once`
  var words: String {
    if device == .none { return "none" }
    return "\(device)\(efi ? " (EFI)" : "")\(persistent ? ", for all boots," : " once")"
  }
}
