/// Power: machines that an operator's own executable switches.

import IPMI

/// The executable is named in the appliance's configuration alone; a host's record chooses one of
/// those by name. It ends with 0 when it did what it was asked. With `status`, the last line of its
/// output is `on`, `off` or `unknown`. The password, where the host has one, is the first line of
/// its standard input.
package struct CommandDriver: PowerDriver {
  package static let name = "command"

  private let command: String
  private let template: CommandTemplate
  private let host: String
  private let address: String
  private let user: String
  private let password: HiddenText?
  private let environment: [String: String]

  /// `command` is its name in the configuration. `environment` is all that the executable sees.
  package init(
    _ command: String, _ template: CommandTemplate, host: String, address: String = "",
    user: String = "", password: HiddenText? = nil,
    environment: [String: String] = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"]
  ) {
    self.command = command
    self.template = template
    self.host = host
    self.address = address
    self.user = user
    self.password = password
    self.environment = environment
  }

  package var target: String { address.isEmpty ? host : address }
  package var queueKey: String { "command://\(command)/\(target)" }
  package var setsBootDevice: Bool { template.setsBootDevice }

  package func perform(
    _ request: PowerRequest, limit: Duration
  ) async throws(PowerError) -> PowerOutcome {
    do throws(DriverError) {
      return try await steps(request, until: ContinuousClock.now + limit, limit)
    } catch {
      throw PowerError(target: target, error)
    }
  }

  private func steps(
    _ request: PowerRequest, until deadline: ContinuousClock.Instant, _ limit: Duration
  ) async throws(DriverError) -> PowerOutcome {
    var outcome = PowerOutcome(target: target, driver: Self.name, request: request, text: "")
    switch request {
    case .status:
      let line = try await run("status", deadline, limit)
      switch line.lowercased() {
      case "on": outcome.before = .on
      case "off": outcome.before = .off
      case "unknown": break
      default:
        throw DriverError(
          .malformed, "“\(command)” answered “status” with “\(line)”, not on, off or unknown")
      }
      outcome.text = "\(target) is \(line.lowercased())"
    case .power(let action, let verify):
      try await power(action, verify, deadline, limit, &outcome)
    case .bootDevice(let device, let efi, let persistent):
      try await setBootDevice(
        BootWish(device: device, efi: efi, persistent: persistent), deadline, limit, &outcome)
    case .reinstall(let efi, let verify):
      var text = ""
      if setsBootDevice {
        try await setBootDevice(BootWish(device: .pxe, efi: efi), deadline, limit, &outcome)
        text = outcome.text + ", "
      }
      try await power(.cycle, verify, deadline, limit, &outcome)
      outcome.text = text + outcome.text
    }
    return outcome
  }

  private func power(
    _ action: PowerAction, _ verify: Duration?, _ deadline: ContinuousClock.Instant,
    _ limit: Duration, _ outcome: inout PowerOutcome
  ) async throws(DriverError) {
    _ = try await run(action.rawValue, deadline, limit)
    outcome.sent = "power \(action)"
    outcome.text = "“\(command)” did “power \(action)” for \(target)"
    guard let verify, action != .reset else { return }
    let wanted: PowerState = action == .off || action == .soft ? .off : .on
    for _ in 0..<max(1, Int(verify / MachinePower.pollInterval)) {
      outcome.after = PowerState(rawValue: try await run("status", deadline, limit).lowercased())
      if outcome.after == wanted {
        outcome.text += ", and it is \(wanted)"
        return
      }
      try await MachinePower.sleep(MachinePower.pollInterval)
    }
    throw DriverError(
      .noEffect,
      "“\(command)” said that it did “power \(action)”, but the machine is "
        + "\(outcome.after.map { "still \($0)" } ?? "in no known state")")
  }

  private func setBootDevice(
    _ wish: BootWish, _ deadline: ContinuousClock.Instant, _ limit: Duration,
    _ outcome: inout PowerOutcome
  ) async throws(DriverError) {
    guard setsBootDevice else {
      throw DriverError(.unsupported, "“\(command)” takes no {device}, so it cannot set what boots")
    }
    let mode = (wish.efi ? "efi" : "any") + (wish.persistent ? "-persistent" : "")
    _ = try await run(
      "bootdev", deadline, limit, [.device: "\(wish.device)", .mode: mode])
    outcome.bootDevice = "\(wish.device)"
    outcome.text = "“\(command)” set boot device \(wish.words) for \(target)"
  }

  /// The last line of the output.
  private func run(
    _ action: String, _ deadline: ContinuousClock.Instant, _ limit: Duration,
    _ more: [CommandTemplate.Placeholder: String] = [:]
  ) async throws(DriverError) -> String {
    var values: [CommandTemplate.Placeholder: String] = [
      .action: action, .host: host, .address: address, .user: user,
    ]
    values.merge(more) { $1 }
    var environment = environment
    for (placeholder, value) in values {
      environment["FINO_POWER_\(placeholder.rawValue.uppercased())"] = value
    }
    let run = CommandRun(
      argv: try template.argv(values), environment: environment,
      input: password.map { Array("\($0.revealed)\n".utf8) } ?? [], secret: password)
    let result = try await run.run(limit: ContinuousClock.now.duration(to: deadline))
    let why = result.complaint.isEmpty ? "" : ": \(result.complaint)"
    switch result.end {
    case .exited(0): return result.lastLine
    case .exited(let code):
      throw DriverError(.refused, "“\(command)” ended with \(code) for “\(action)”\(why)")
    case .signalled(let signal):
      throw .uncertain(action, "“\(command)” died of signal \(signal)\(why)")
    case .killed:
      if action == "status" { throw Task.isCancelled ? .cancelled : .timeLimit(limit) }
      throw .uncertain(action, "“\(command)” did not end in time and was killed")
    }
  }
}
