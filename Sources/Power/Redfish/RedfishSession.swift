/// Power: one computer system of a Redfish service, switched and told what to boot.

import IPMI

struct RedfishSession: MachineSession {
  let service: RedfishService
  let path: String
  var pause = MachinePower.sleep

  private func system() async throws(DriverError) -> (RedfishValue, WebAnswer) {
    try await service.get(path, "the system")
  }

  func state() async throws(DriverError) -> PowerState {
    let (system, _) = try await system()
    switch system["PowerState"]?.text {
    case "On", "PoweringOff", "Paused": return .on
    case "Off", "PoweringOn": return .off
    case let other:
      throw DriverError(
        .malformed, "it does not tell the power state (PowerState is \(other ?? "missing"))")
    }
  }

  func send(_ command: PowerCommand) async throws(DriverError) -> SentCommand {
    let action = try await resetAction()
    guard let (type, passesOff) = action.type(for: command) else {
      throw DriverError(
        .unsupported,
        "it cannot “\(command.rawValue)”; its reset types are "
          + action.allowed.prefix(16).joined(separator: ", "))
    }
    let words = "power \(command.rawValue) (\(type))"
    let answer: WebAnswer
    do throws(DriverError) {
      answer = try await service.ask(
        .post, action.target, body: Array("{\"ResetType\":\"\(type)\"}".utf8))
    } catch {
      // The connection may have broken before or after the BMC read it.
      guard error.kind == .unreachable else { throw error }
      throw .uncertain(words, error.sentence)
    }
    guard answer.isSuccess else { throw answer.refusal(of: words) }
    return SentCommand(words: words, passesOff: passesOff)
  }

  private func resetAction() async throws(DriverError) -> ResetAction {
    let (system, _) = try await system()
    let action = system["Actions"]?["#ComputerSystem.Reset"]
    guard let target = action?["target"]?.text.flatMap(RedfishValue.path) else {
      throw DriverError(.unsupported, "its system has no reset action")
    }
    var allowed = action?["ResetType@Redfish.AllowableValues"]?.texts ?? []
    if allowed.isEmpty, let info = action?["@Redfish.ActionInfo"]?.text.flatMap(RedfishValue.path) {
      let (json, _) = try await service.get(info, "the reset types")
      let parameter = json["Parameters"]?.list.first { $0["Name"]?.text == "ResetType" }
      allowed = parameter?["AllowableValues"]?.texts ?? []
    }
    return ResetAction(target: target, allowed: allowed)
  }

  func setBootDevice(_ wish: BootWish) async throws(DriverError) -> BootSetting {
    let (system, _) = try await system()
    let before = BootOverride(system)
    guard let target = BootOverride.target(wish.device) else {
      throw DriverError(.unsupported, "Redfish has no boot device “\(wish.device)”")
    }
    if wish.device != .none, !before.allowedTargets.isEmpty, !before.allowedTargets.contains(target)
    {
      throw DriverError(
        .unsupported,
        "it cannot boot from “\(target)”; it has "
          + before.allowedTargets.prefix(16).joined(separator: ", "))
    }
    let isSupermicro = system["Manufacturer"]?.text?.lowercased().contains("supermicro") ?? false
    var patch = BootPatch(
      target: target, enabled: BootOverride.enabled(wish),
      mode: before.mode(for: wish, isSupermicro: isSupermicro))
    var answer = try await write(patch)
    if !answer.isSuccess, answer.status == 400, patch.mode != nil,
      before.mode == nil || before.mode == patch.mode
    {
      // iLO: the mode cannot be written, and is what it should be anyway.
      patch.mode = nil
      answer = try await write(patch)
    }
    guard answer.isSuccess else { throw answer.refusal(of: "boot device \(wish.device)") }
    return try await readBack(wish)
  }

  /// With the tag of the resource, where it has one. Writing the same again does no harm.
  private func write(_ patch: BootPatch) async throws(DriverError) -> WebAnswer {
    let (system, current) = try await system()
    let tag = current.etag(system)
    var answer = try await ask(patch, tag)
    if answer.status == 412 || answer.status == 428 {
      // Some boards (AMI, Gigabyte) give a weak tag and take only its strong form; others want any.
      if let tag, tag.hasPrefix("W/") { answer = try await ask(patch, String(tag.dropFirst(2))) }
      if answer.status == 412 || answer.status == 428 { answer = try await ask(patch, "*") }
    }
    return answer
  }

  private func ask(_ patch: BootPatch, _ tag: String?) async throws(DriverError) -> WebAnswer {
    try await service.ask(
      .patch, path, body: patch.json, fields: tag.map { [("If-Match", $0)] } ?? [])
  }

  /// Some BMCs need a moment until they show what they have accepted.
  private func readBack(_ wish: BootWish) async throws(DriverError) -> BootSetting {
    for _ in 0..<3 {
      let (system, _) = try await system()
      if let setting = try? BootOverride(system).setting(for: wish) { return setting }
      try await pause(.seconds(1))
    }
    let (system, _) = try await system()
    return try BootOverride(system).setting(for: wish)
  }
}
