/// IPMI: the state of a machine's chassis, in words.

package struct ChassisReport: BMCReport {
  package var power: PowerState
  package var isOverloaded: Bool
  package var isInterlocked: Bool
  package var hasMainPowerFault: Bool
  package var hasControlFault: Bool
  /// `always-off`, `previous` or `always-on`.
  package var restorePolicy: String?
  package var lastPowerEvents: [String]
  package var isIntruded: Bool
  package var isFrontPanelLocked: Bool
  package var hasDriveFault: Bool
  package var hasFanFault: Bool
  package var identify: String?
  package var disabledButtons: [String]?
  /// Where the BMC tells it.
  package var restartCause: String?

  package init(
    _ status: GetChassisStatus.Response, restartCause: GetSystemRestartCause.Response? = nil
  ) {
    power = status.power
    isOverloaded = status.isOverloaded
    isInterlocked = status.isInterlocked
    hasMainPowerFault = status.hasMainPowerFault
    hasControlFault = status.hasControlFault
    restorePolicy = status.restorePolicy?.name
    lastPowerEvents = status.lastEvents
    isIntruded = status.isIntruded
    isFrontPanelLocked = status.isFrontPanelLocked
    hasDriveFault = status.hasDriveFault
    hasFanFault = status.hasFanFault
    identify = status.identify
    disabledButtons = status.disabledButtons
    self.restartCause = restartCause?.text
  }

  package var lines: [String] {
    table([
      ("System Power", "\(power)"),
      ("Power Overload", "\(isOverloaded)"),
      ("Power Interlock", isInterlocked ? "active" : "inactive"),
      ("Main Power Fault", "\(hasMainPowerFault)"),
      ("Power Control Fault", "\(hasControlFault)"),
      ("Power Restore Policy", restorePolicy ?? "unknown"),
      ("Last Power Event", lastPowerEvents.joined(separator: ", ")),
      ("Chassis Intrusion", isIntruded ? "active" : "inactive"),
      ("Front-Panel Lockout", isFrontPanelLocked ? "active" : "inactive"),
      ("Drive Fault", "\(hasDriveFault)"),
      ("Cooling/Fan Fault", "\(hasFanFault)"),
      ("Identify Light", identify),
      (
        "Disabled Buttons", disabledButtons.map { $0.isEmpty ? "none" : $0.joined(separator: ", ") }
      ),
      ("Restart Cause", restartCause),
    ])
  }
}

/// Something was done; there is nothing to tell but that.
package struct DoneReport: BMCReport {
  package var done: String

  package init(_ done: String) { self.done = done }

  package var lines: [String] { [done] }
}

package struct RestorePolicyReport: BMCReport {
  /// Now; nil where the BMC does not know.
  package var policy: String?
  /// Empty where the BMC does not tell.
  package var supported: [String]

  package init(policy: String?, supported: [String]) {
    self.policy = policy
    self.supported = supported
  }

  package var lines: [String] {
    table([
      ("Power Restore Policy", policy ?? "unknown"),
      ("Supported", supported.isEmpty ? nil : supported.joined(separator: ", ")),
    ])
  }
}

extension CommandExchange {
  /// Many BMCs do not know the restart cause.
  package func chassisReport() async throws(IPMIError) -> ChassisReport {
    let status = try await run(GetChassisStatus())
    return ChassisReport(status, restartCause: try? await attempt(GetSystemRestartCause()).get())
  }

  /// `seconds` of 0 ends it, nil lasts until it is ended.
  package func identify(seconds: UInt8?) async throws(IPMIError) -> DoneReport {
    switch seconds {
    case nil:
      _ = try await run(ChassisIdentify(seconds: 15, isForced: true))
      return DoneReport("the identify light is on until it is switched off")
    case 0:
      _ = try await run(ChassisIdentify(seconds: 0))
      return DoneReport("the identify light is off")
    case let seconds?:
      _ = try await run(ChassisIdentify(seconds: seconds))
      return DoneReport("the identify light is on for \(seconds) seconds")
    }
  }

  /// With nil it is only read. What was set is read back; another policy than that is an error.
  package func restorePolicy(
    set policy: PowerRestorePolicy? = nil
  ) async throws(IPMIError) -> RestorePolicyReport {
    let answer = try await attempt(SetPowerRestorePolicy(policy))
    // What is only read is in the chassis status, also where this command is not known.
    if policy != nil { _ = try answer.get() }
    let supported = (try? answer.get())?.policies ?? []
    let now = try await run(GetChassisStatus()).restorePolicy
    if let policy, let now, now != policy {
      throw .network(
        "the BMC accepted the power restore policy \(policy.name), but reads back \(now.name)")
    }
    return RestorePolicyReport(policy: now?.name, supported: supported.map(\.name))
  }

  /// A non-maskable interrupt: what the operating system makes of it (a crash dump, mostly) is its
  /// own affair. Never sent twice.
  package func diagnosticInterrupt() async throws(IPMIError) -> DoneReport {
    guard try await powerState() == .on else {
      throw .failed(command: ChassisControl.name, .notInPresentState, meaning: "the machine is off")
    }
    _ = try await run(ChassisControl(.diagnosticInterrupt))
    return DoneReport("diagnostic interrupt sent")
  }
}
