/// Power: a request carried out step by step, looking before and after.

import IPMI

/// The steps that all drivers but IPMI share; IPMI's own are in its room.
struct MachinePower: Sendable {
  var target: String
  var driver: String
  var inFlight: CommandInFlight
  /// Waits between two looks; tests need not.
  var pause: @Sendable (Duration) async throws(DriverError) -> Void = MachinePower.sleep

  static let pollInterval = Duration.milliseconds(500)

  static let sleep: @Sendable (Duration) async throws(DriverError) -> Void = {
    duration async throws(DriverError) in
    do {
      try await Task.sleep(for: duration)
    } catch {
      throw .cancelled
    }
  }

  func perform(
    _ request: PowerRequest, in session: some MachineSession
  ) async throws(DriverError) -> PowerOutcome {
    do throws(DriverError) {
      return try await steps(request, session)
    } catch {
      throw error.onTheWay
    }
  }

  private func steps(
    _ request: PowerRequest, _ session: some MachineSession
  ) async throws(DriverError) -> PowerOutcome {
    var outcome = PowerOutcome(target: target, driver: driver, request: request, text: "")
    switch request {
    case .status:
      let state = try await session.state()
      outcome.before = state
      outcome.text = "\(target) is \(state)"
    case .power(let action, let verify):
      try await power(action, before: try await session.state(), verify, session, &outcome)
    case .bootDevice(let device, let efi, let persistent):
      let wish = BootWish(device: device, efi: efi, persistent: persistent)
      let setting = try await setBootDevice(wish, session, &outcome)
      outcome.text = "boot device \(setting.words) set on \(target)"
    case .reinstall(let efi, let verify):
      let before = try await session.state()
      let setting = try await setBootDevice(BootWish(device: .pxe, efi: efi), session, &outcome)
      try await power(.cycle, before: before, verify, session, &outcome)
      outcome.text = "boot device \(setting.words) set, \(outcome.text)"
    }
    return outcome
  }

  private func setBootDevice(
    _ wish: BootWish, _ session: some MachineSession, _ outcome: inout PowerOutcome
  ) async throws(DriverError) -> BootSetting {
    let setting = try await session.setBootDevice(wish)
    outcome.bootDevice = "\(wish.device)"
    outcome.warnings += setting.warnings
    return setting
  }

  private func power(
    _ action: PowerAction, before: PowerState, _ verify: Duration?, _ session: some MachineSession,
    _ outcome: inout PowerOutcome
  ) async throws(DriverError) {
    outcome.before = before
    guard let command = Self.command(for: action, before: before) else {
      outcome.after = before
      outcome.text = "\(target) was already \(before)"
      return
    }
    inFlight.begin("power \(command.rawValue)")
    let sent = try await session.send(command)
    inFlight.end()
    outcome.sent = sent.words
    if let verify {
      outcome.after = try await watch(command, sent, before: before, limit: verify, session)
    }
    outcome.text = sentence(outcome, command, sent)
  }

  /// Nil: there is nothing to do.
  private static func command(for action: PowerAction, before: PowerState) -> PowerCommand? {
    switch (action, before) {
    case (.on, .on), (.off, .off), (.soft, .off): nil
    case (.on, .off), (.cycle, .off), (.reset, .off): .on
    case (.off, .on): .off
    case (.cycle, .on): .cycle
    case (.reset, .on): .reset
    case (.soft, .on): .soft
    }
  }

  private func watch(
    _ command: PowerCommand, _ sent: SentCommand, before: PowerState, limit: Duration,
    _ session: some MachineSession
  ) async throws(DriverError) -> PowerState {
    // A restart that never passes "off" shows nothing to wait for.
    if command == .reset || command == .cycle, !sent.passesOff { return try await session.state() }
    var last = before
    var sawOff = false
    for _ in 0..<max(1, Int(limit / Self.pollInterval)) {
      last = try await session.state()
      sawOff = sawOff || last == .off
      switch command {
      case .on where last == .on: return .on
      case .off where last == .off, .soft where last == .off: return .off
      case .cycle where sawOff && last == .on, .reset where sawOff && last == .on: return .on
      default: try await pause(Self.pollInterval)
      }
    }
    throw DriverError(
      .noEffect, "“\(sent.words)” was accepted, but the machine is still \(last)")
  }

  /// `power cycle sent to 10.0.0.7; it was on, and is on again`
  private func sentence(
    _ outcome: PowerOutcome, _ command: PowerCommand, _ sent: SentCommand
  ) -> String {
    let now =
      switch (outcome.after, command) {
      case (nil, _): ""
      case (.on, .cycle), (.on, .reset): ", and is on again"
      case (let after?, _): ", and is \(after)"
      }
    let before = outcome.before.map { "; it was \($0)" } ?? ""
    return "\(sent.words) sent to \(target)\(before)\(now)"
  }
}
