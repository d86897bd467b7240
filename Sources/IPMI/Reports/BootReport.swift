/// IPMI: what a machine boots next, as its BMC has it.

package struct BootReport: BMCReport {
  package var device: String
  package var isValid: Bool
  package var isPersistent: Bool
  package var isEFI: Bool
  package var isLocked: Bool

  package init(_ flags: BootFlags, isLocked: Bool) {
    device = "\(flags.device)"
    isValid = flags.isValid
    isPersistent = flags.isPersistent
    isEFI = flags.isEFI
    self.isLocked = isLocked
  }

  package var lines: [String] {
    table([
      ("Boot Device", device),
      ("Flags Valid", yes(isValid)),
      ("For", isPersistent ? "all boots" : "the next boot"),
      ("Mode", isEFI ? "EFI" : "legacy"),
      ("Locked", yes(isLocked)),
    ])
  }
}

extension CommandExchange {
  package func bootReport() async throws(IPMIError) -> BootReport {
    let response = try await run(GetSystemBootOptions(.bootFlags))
    guard let flags = response.bootFlags else {
      throw .failed(
        command: GetSystemBootOptions.name, .ok, meaning: "the answer has no boot flags")
    }
    return BootReport(flags, isLocked: response.isLocked)
  }
}
