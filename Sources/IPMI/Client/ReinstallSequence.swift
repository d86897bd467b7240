/// IPMI: restarts a machine from the network, once, in one session.

package struct ReinstallReport: Equatable, Sendable {
  package var boot: BootDeviceReport
  package var power: PowerReport

  package init(boot: BootDeviceReport, power: PowerReport) {
    self.boot = boot
    self.power = power
  }
}

extension CommandExchange {
  /// Status, boot flags, read back, then on or cycle; with `verify` also waits until it happened.
  package func bootOnceFromNetwork(
    efi: Bool = false, verify: Duration? = nil
  ) async throws(IPMIError) -> ReinstallReport {
    let before = try await powerState()
    let boot = try await setBootDevice(.pxe, efi: efi)
    return ReinstallReport(
      boot: boot, power: try await power(.cycle, before: before, verify: verify))
  }
}
