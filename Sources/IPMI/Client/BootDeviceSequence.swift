/// IPMI: sets what a machine boots from, and looks whether the BMC kept it.

package struct BootDeviceReport: Equatable, Sendable {
  package var flags: BootFlags
  /// What the BMC says now; nil when it does not say.
  package var readBack: BootFlags?
  /// Sentences: what is not as asked, but need not keep the machine from booting as asked.
  package var warnings: [String]

  package init(flags: BootFlags, readBack: BootFlags?, warnings: [String]) {
    self.flags = flags
    self.readBack = readBack
    self.warnings = warnings
  }
}

extension CommandExchange {
  package func setBootDevice(
    _ device: BootDevice, efi: Bool = false, persistent: Bool = false
  ) async throws(IPMIError) -> BootDeviceReport {
    let flags = BootFlags(device: device, efi: efi, persistent: persistent)
    // Many BMCs do not have this parameter; the power command follows at once anyway.
    _ = try await attempt(SetSystemBootOptions.keepFlags)
    _ = try await run(SetSystemBootOptions(flags))
    switch try await attempt(GetSystemBootOptions(.bootFlags)) {
    case .failure(let error):
      return BootDeviceReport(
        flags: flags, readBack: nil, warnings: ["the boot device could not be read back: \(error)"])
    case .success(let response):
      guard let found = response.bootFlags else {
        return BootDeviceReport(
          flags: flags, readBack: nil, warnings: ["the BMC read back no boot flags"])
      }
      // Another device is an error: the machine would boot something else. Other bits are not:
      // OpenIPMI's ipmi_sim keeps the device alone, and drops "valid", "EFI" and "persistent".
      guard found.device == device else {
        throw .bootDeviceNotKept(wanted: device, found: found.device)
      }
      return BootDeviceReport(
        flags: flags, readBack: found, warnings: Self.differences(flags, found, response.isLocked))
    }
  }

  private static func differences(
    _ wanted: BootFlags, _ found: BootFlags, _ isLocked: Bool
  ) -> [String] {
    let dropped = [
      (wanted.isValid != found.isValid, "valid"),
      (wanted.isEFI != found.isEFI, "EFI"),
      (wanted.isPersistent != found.isPersistent, "persistent"),
    ].filter(\.0).map(\.1)
    var warnings: [String] = []
    if !dropped.isEmpty {
      warnings.append(
        "the BMC kept boot device \(wanted.device), but reads back other values of: "
          + dropped.joined(separator: ", "))
    }
    if isLocked { warnings.append("the BMC marks its boot flags as locked") }
    return warnings
  }
}
