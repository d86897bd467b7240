/// IPMI: what people ask of a machine's power, and what came of it.

package enum PowerAction: String, CaseIterable, Codable, Sendable {
  case on
  /// At once, without asking the operating system.
  case off
  /// Off and on again; a machine that is off is switched on.
  case cycle
  /// Restarts without switching off; a machine that is off is switched on.
  case reset
  /// Asks the operating system to shut down.
  case soft
}

package struct PowerReport: Equatable, Sendable {
  package var action: PowerAction
  /// The state before anything was sent.
  package var before: PowerState
  /// What was really sent; nil when the machine was already so.
  package var sent: ChassisControl.Action?
  /// The state that was seen afterwards, where somebody looked.
  package var after: PowerState?

  package init(
    action: PowerAction, before: PowerState, sent: ChassisControl.Action? = nil,
    after: PowerState? = nil
  ) {
    self.action = action
    self.before = before
    self.sent = sent
    self.after = after
  }
}

extension ChassisControl.Action: CustomStringConvertible {
  package var description: String {
    switch self {
    case .powerDown: "power off"
    case .powerUp: "power on"
    case .powerCycle: "power cycle"
    case .hardReset: "reset"
    case .diagnosticInterrupt: "diagnostic interrupt"
    case .softShutdown: "soft shutdown"
    }
  }
}
