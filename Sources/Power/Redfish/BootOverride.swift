/// Power: the property `Boot` of a computer system, read and written.

import IPMI

struct BootOverride: Equatable, Sendable {
  /// `Pxe`, `Hdd`, `None`, …
  var target: String?
  /// `Once`, `Continuous`, `Disabled`.
  var enabled: String?
  /// `UEFI`, `Legacy`.
  var mode: String?
  /// Empty: the BMC does not say.
  var allowedTargets: [String]

  init(_ system: RedfishValue) {
    let boot = system["Boot"]
    target = boot?["BootSourceOverrideTarget"]?.text
    enabled = boot?["BootSourceOverrideEnabled"]?.text
    mode = boot?["BootSourceOverrideMode"]?.text
    allowedTargets = boot?["BootSourceOverrideTarget@Redfish.AllowableValues"]?.texts ?? []
  }

  /// Nil: Redfish has no word for it that all BMCs know.
  static func target(_ device: BootDevice) -> String? {
    switch device {
    case .none: "None"
    case .pxe: "Pxe"
    case .disk: "Hdd"
    case .cdrom: "Cd"
    case .setup: "BiosSetup"
    default: nil
    }
  }

  static func enabled(_ wish: BootWish) -> String {
    wish.device == .none ? "Disabled" : wish.persistent ? "Continuous" : "Once"
  }

  /// Whether the mode is written. iLO refuses the property even with the value that it has;
  /// Supermicro falls back to its default when it is not repeated.
  func mode(for wish: BootWish, isSupermicro: Bool) -> String? {
    if wish.device == .none { return nil }
    if wish.efi { return "UEFI" }
    return isSupermicro ? mode : nil
  }

  /// What was read back, beside what was asked for. Throws when it is another device.
  func setting(for wish: BootWish) throws(DriverError) -> BootSetting {
    let isNone = wish.device == .none
    let isKept =
      isNone
      ? enabled == "Disabled" || target == "None" || target == nil
      : target == Self.target(wish.device) && enabled != "Disabled"
    guard isKept else {
      throw DriverError(
        .noEffect,
        "it accepted boot device \(wish.device), but reads back "
          + "\(target ?? "nothing")\(enabled.map { ", \($0)" } ?? "")")
    }
    var setting = BootSetting(words: wish.words)
    guard !isNone else { return setting }
    if let enabled, enabled != Self.enabled(wish) {
      setting.warnings.append(
        "it kept boot device \(wish.device), but reads back “\(enabled)”, not "
          + "“\(Self.enabled(wish))”")
    }
    if wish.efi, let mode, mode != "UEFI" {
      setting.warnings.append(
        "it kept boot device \(wish.device), but its boot mode is \(mode), not UEFI")
    }
    return setting
  }
}

/// One PATCH of the boot override.
struct BootPatch: Equatable, Sendable {
  var target: String
  var enabled: String
  var mode: String?

  /// Keys in a fixed order; the values are words of our own.
  var json: [UInt8] {
    let mode = mode.map { ",\"BootSourceOverrideMode\":\"\($0 == "Legacy" ? "Legacy" : "UEFI")\"" }
    return Array(
      ("{\"Boot\":{\"BootSourceOverrideEnabled\":\"\(enabled)\","
        + "\"BootSourceOverrideTarget\":\"\(target)\"\(mode ?? "")}}").utf8)
  }
}
