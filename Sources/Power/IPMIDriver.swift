/// Power: machines with a BMC that speaks IPMI 2.0.

package import IPMI

package struct IPMIDriver: PowerDriver {
  package static let name = "ipmi"

  private let address: BMCAddress
  private let client: IPMIClient

  package init(_ address: BMCAddress, client: IPMIClient) {
    self.address = address
    self.client = client
  }

  package var target: String { "\(address)" }
  package var queueKey: String { "ipmi://\(address.host):\(address.port)" }

  package func perform(
    _ request: PowerRequest, limit: Duration
  ) async throws(PowerError) -> PowerOutcome {
    let (address, target) = (address, target)
    do throws(IPMIError) {
      let need: PrivilegeLevel = request == .status ? .user : .operator
      return try await client.withSession(to: address, limit: limit, privilege: need) {
        session async throws(IPMIError) in
        try await Self.perform(request, at: target, in: session)
      }
    } catch {
      throw PowerError(target: target, cause: error == .cancelled ? .cancelled : .ipmi(error))
    }
  }

  /// The same over any exchange of commands, so that tests need no network.
  static func perform(
    _ request: PowerRequest, at target: String, in session: some CommandExchange
  ) async throws(IPMIError) -> PowerOutcome {
    var outcome = PowerOutcome(target: target, driver: name, request: request, text: "")
    switch request {
    case .status:
      let state = try await session.powerState()
      outcome.before = state
      outcome.text = "\(target) is \(state)"
    case .power(let action, let verify):
      let report = try await session.power(action, verify: verify)
      outcome.note(report)
      outcome.text = outcome.sentence(report)
    case .bootDevice(let device, let efi, let persistent):
      let report = try await session.setBootDevice(device, efi: efi, persistent: persistent)
      outcome.note(report)
      outcome.text = "boot device \(outcome.words(report.flags)) set on \(target)"
    case .reinstall(let efi, let verify):
      let report = try await session.bootOnceFromNetwork(efi: efi, verify: verify)
      outcome.note(report.boot)
      outcome.note(report.power)
      outcome.text =
        "boot device \(outcome.words(report.boot.flags)) set, "
        + outcome.sentence(report.power)
    }
    return outcome
  }
}

extension PowerOutcome {
  fileprivate mutating func note(_ report: PowerReport) {
    before = report.before
    after = report.after
    sent = report.sent.map { "\($0)" }
  }

  fileprivate mutating func note(_ report: BootDeviceReport) {
    bootDevice = "\(report.flags.device)"
    warnings += report.warnings
  }

  fileprivate func words(_ flags: BootFlags) -> String {
    let mode = flags.isEFI ? " (EFI)" : ""
    if flags.device == .none { return "none" }
    return flags.isPersistent
      ? "\(flags.device)\(mode), for all boots," : "\(flags.device)\(mode) once"
  }

  /// `power cycle sent to 10.0.0.7; it was on, and is on again`
  fileprivate func sentence(_ report: PowerReport) -> String {
    guard let sent = report.sent else { return "\(target) was already \(report.before)" }
    let now =
      switch (report.after, sent) {
      case (nil, _): ""
      case (.on, .powerCycle): ", and is on again"
      case (let after?, _): ", and is \(after)"
      }
    return "\(sent) sent to \(target); it was \(report.before)\(now)"
  }
}
