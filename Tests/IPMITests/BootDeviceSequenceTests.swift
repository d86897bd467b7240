/// IPMITests: boot flags that stick, and those that do not.

import BMCStub
import IPMI
import Testing

struct BootDeviceSequenceTests {
  @Test func flagsAreWrittenAndReadBack() async throws {
    let link = try await link()
    let report = try await link.setBootDevice(.pxe, efi: true)
    let flags = BootFlags(device: .pxe, efi: true)
    #expect(report == BootDeviceReport(flags: flags, readBack: flags, warnings: []))
    #expect(await link.bmc.bootFlags == flags)
    _ = try await link.setBootDevice(.none)
    #expect(await link.bmc.bootFlags == BootFlags(device: .none))
  }

  @Test func aDeviceThatDoesNotStickIsAnError() async throws {
    let link = try await link { $0.forgetsBootDevice = true }
    await #expect(throws: IPMIError.bootDeviceNotKept(wanted: .pxe, found: .none)) {
      try await link.setBootDevice(.pxe)
    }
  }

  /// ipmi_sim drops the first byte.
  @Test func otherFlagsThatDoNotStickAreAWarning() async throws {
    let link = try await link { $0.keptFlagBits = 0 }
    let report = try await link.setBootDevice(.pxe, efi: true)
    #expect(
      report.warnings == [
        "the BMC kept boot device pxe, but reads back other values of: valid, EFI"
      ])
  }
}
