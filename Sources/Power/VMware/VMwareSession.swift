/// Power: one virtual machine of a vCenter or an ESXi host.

import IPMI
import Wire

struct VMwareSession: MachineSession {
  let service: VSphereService
  let machine: ManagedObject
  var pause = MachinePower.sleep

  /// By the BIOS UUID. Firmware of older virtual hardware shows the same bytes in the other order.
  static func find(
    _ uuid: SystemUUID, in service: VSphereService
  ) async throws(DriverError) -> ManagedObject {
    if let machine = try await service.virtualMachine(bios: "\(uuid)") { return machine }
    if let turned = SystemUUID(smbios: uuid.bytes),
      let machine = try await service.virtualMachine(bios: "\(turned)")
    {
      return machine
    }
    throw DriverError(.missing, "it has no virtual machine with the BIOS UUID \(uuid)")
  }

  func state() async throws(DriverError) -> PowerState {
    switch try await service.property("runtime.powerState", of: machine)?.text {
    case "poweredOn": return .on
    // Its memory is on disk; “power on” resumes it.
    case "poweredOff", "suspended": return .off
    case let other:
      throw DriverError(
        .malformed, "it does not tell the power state (powerState is \(other ?? "missing"))")
    }
  }

  func send(_ command: PowerCommand) async throws(DriverError) -> SentCommand {
    switch command {
    case .on:
      try await run("PowerOnVM_Task", "power on")
      return SentCommand(words: "power on")
    case .off:
      try await run("PowerOffVM_Task", "power off")
      return SentCommand(words: "power off", passesOff: true)
    case .soft:
      // Needs VMware Tools in the guest; answers at once and has no task.
      do throws(DriverError) {
        _ = try await service.call(SOAPCall(method: "ShutdownGuest", this: machine))
      } catch {
        guard error.kind == .unreachable else { throw error }
        throw .uncertain("soft shutdown", error.sentence)
      }
      return SentCommand(words: "soft shutdown", passesOff: true)
    case .cycle:
      // The boot order is read when the virtual machine is switched on.
      try await run("PowerOffVM_Task", "power cycle")
      do throws(DriverError) {
        try await run("PowerOnVM_Task", "power on")
      } catch {
        throw DriverError(
          error.kind == .refused ? .refused : .uncertain,
          "the machine was switched off for “power cycle”, but did not start: \(error.sentence)")
      }
      return SentCommand(words: "power cycle")
    case .reset:
      try await run("ResetVM_Task", "reset")
      return SentCommand(words: "reset")
    }
  }

  private func run(_ method: String, _ words: String) async throws(DriverError) {
    try await service.run(SOAPCall(method: method, this: machine), words, pause: pause)
  }

  private static let bootKey = "bios.bootDeviceClasses"

  /// The extra setting that Bergenholm used: `allow:net` leaves the firmware nothing but the network.
  func setBootDevice(_ wish: BootWish) async throws(DriverError) -> BootSetting {
    let values: [BootDevice: String] = [
      .none: "", .pxe: "allow:net", .disk: "allow:hd", .cdrom: "allow:cd",
    ]
    guard let value = values[wish.device] else {
      throw DriverError(.unsupported, "vSphere cannot boot “\(wish.device)”")
    }
    let option: [SOAPArgument] = [.text("key", Self.bootKey), .anyText("value", value)]
    try await service.run(
      SOAPCall(
        method: "ReconfigVM_Task", this: machine,
        arguments: [.group("spec", [.typed("extraConfig", type: "OptionValue", option)])]),
      "boot device \(wish.device)", pause: pause)
    let found = try await readBack()
    guard found == value || (value.isEmpty && found == nil) else {
      throw DriverError(
        .noEffect,
        "it accepted boot device \(wish.device), but reads back "
          + "“\(found?.oneLine(limit: 60) ?? "nothing")” as \(Self.bootKey)")
    }
    var setting = BootSetting(words: wish.words)
    if wish.device != .none, !wish.persistent {
      setting.warnings.append(
        "vSphere keeps \(Self.bootKey) = \(value) until it is set to something else")
    }
    return setting
  }

  private func readBack() async throws(DriverError) -> String? {
    let options = try await service.property("config.extraConfig", of: machine)?.children ?? []
    return options.first { $0.child("key")?.text == Self.bootKey }?.child("value")?.text
  }
}
