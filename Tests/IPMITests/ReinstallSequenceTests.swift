/// IPMITests: the whole way of a reimage job through one session.

import BMCStub
import IPMI
import Testing

struct ReinstallSequenceTests {
  @Test(arguments: [(PowerState.on, ChassisControl.Action.powerCycle), (.off, .powerUp)])
  func allInOneSession(_ before: PowerState, _ control: ChassisControl.Action) async throws {
    let link = try await link(power: before)
    let report = try await link.bootOnceFromNetwork(efi: true)
    #expect(report.power == PowerReport(action: .cycle, before: before, sent: control))
    #expect(report.boot.flags == BootFlags(device: .pxe, efi: true))
    await link.close()
    let bmc = await link.bmc
    // Privilege, status, 03 08, boot flags, read back, control, close.
    #expect(bmc.commands == [0x01, 0x3b, 0x08, 0x08, 0x09, 0x02, 0x3c])
    #expect(bmc.openSessions == 0)
    // The probe and the three steps of the login before them.
    #expect(await link.sentCount == 11)
  }
}
