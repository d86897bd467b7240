/// IPMI: switches a machine on, off or over, knowing in which state it was.

/// How often the power state is looked at while waiting for it to change.
private let pollInterval = Duration.milliseconds(500)

extension CommandExchange {
  package func powerState() async throws(IPMIError) -> PowerState {
    try await run(GetChassisStatus()).power
  }

  /// Looks first, sends what the state calls for, and with `verify` waits at most so long until the
  /// machine has followed; a command without effect is an error.
  package func power(
    _ action: PowerAction, verify: Duration? = nil
  ) async throws(IPMIError) -> PowerReport {
    try await power(action, before: try await powerState(), verify: verify)
  }

  func power(
    _ action: PowerAction, before: PowerState, verify: Duration?
  ) async throws(IPMIError) -> PowerReport {
    var report = PowerReport(action: action, before: before)
    guard let control = Self.control(for: action, before: before) else {
      report.after = before
      return report
    }
    report.sent = control
    switch try await exchange(ChassisControl(control).request) {
    case .completed(.ok, _):
      break
    case .completed(.notInPresentState, _) where control == .powerCycle || control == .hardReset:
      // Supermicro and Dell: the machine is off after all.
      report.sent = .powerUp
      _ = try await run(ChassisControl(.powerUp))
    case .completed(let code, _):
      throw .failed(command: "power \(action.rawValue)", code, meaning: "")
    case .unanswered:
      report.after = try await settle(action, control)
      if report.after != nil { return report }
    }
    // A reset does not change the power state.
    guard let verify, let sent = report.sent, sent != .hardReset else { return report }
    report.after = try await watch(action, sent, limit: verify)
    return report
  }

  /// Nil: there is nothing to do.
  private static func control(
    for action: PowerAction, before: PowerState
  ) -> ChassisControl.Action? {
    switch (action, before) {
    case (.on, .off), (.cycle, .off), (.reset, .off): .powerUp
    case (.on, .on), (.off, .off), (.soft, .off): nil
    case (.off, .on): .powerDown
    case (.cycle, .on): .powerCycle
    case (.reset, .on): .hardReset
    case (.soft, .on): .softShutdown
    }
  }

  /// No answer came: the request or the answer was lost, or the BMC is slow. Looks before anything
  /// is sent again, and sends again only what cannot do harm twice. Nil: sent again, with success.
  private func settle(
    _ action: PowerAction, _ control: ChassisControl.Action
  ) async throws(IPMIError) -> PowerState? {
    let now = try await powerState()
    switch control {
    case .powerUp where now == .on, .powerDown where now == .off, .softShutdown where now == .off:
      return now
    case .powerUp, .powerDown:
      _ = try await run(ChassisControl(control))
      return nil
    case .powerCycle where now == .off:
      // It is in the middle of it.
      return try await watch(action, control, limit: .seconds(30), sawOff: true)
    default:
      throw .uncertain(action, now: now)
    }
  }

  private func watch(
    _ action: PowerAction, _ control: ChassisControl.Action, limit: Duration, sawOff: Bool = false
  ) async throws(IPMIError) -> PowerState {
    var last: PowerState?
    var sawOff = sawOff
    for _ in 0..<max(1, Int(limit / pollInterval)) {
      // A BMC may be silent or confused for a moment while the power changes.
      if case .success(let status) = try await attempt(GetChassisStatus()) {
        last = status.power
        switch control {
        case .powerUp where status.power == .on: return .on
        case .powerDown where status.power == .off, .softShutdown where status.power == .off:
          return .off
        case .powerCycle where sawOff && status.power == .on: return .on
        default: break
        }
        sawOff = sawOff || status.power == .off
      }
      try await pause(pollInterval)
    }
    guard let last else { throw .unanswered(command: GetChassisStatus.name) }
    throw .noEffect(action, still: last)
  }
}
