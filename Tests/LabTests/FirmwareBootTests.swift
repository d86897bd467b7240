/// LabTests: firmware of other kinds than the usual two, each in a laboratory of its own.

import Lab
import Testing

/// One after the other: each takes most of a processor.
@Suite(.serialized) struct FirmwareBootTests {
  @Test func httpBootReachesTheInstallerAndTheDiskWithoutTFTP() async throws {
    let lab = try await FirmwareSite.build(.uefi(boot: [.http4])) { _, appliance in
      try InstallerImage(cache: InstallerImage.defaultCache).write(
        location: "debian", under: appliance.images)
    }
    defer { lab.laboratory.stop() }
    let events = try await lab.bootToDisk()
    #expect(events.contains("script-disk"), "\(events)")

    let start = lab.machine.console.end
    let answer = try await lab.site.reimage(
      lab.machine, options: "console=ttyS0 fino.marker=http")
    #expect(answer.status == 202, "\(answer.body)")
    let line = try await lab.machine.console.waitForLine(
      containing: InstallerImage.greeting, after: start, timeout: .seconds(150))
    #expect(line.text.contains("fino.marker=http"))
    try await lab.reachDisk(after: line.end)
    #expect(try lab.hasHeard("HTTPClient:Arch:00016"))
    #expect(try lab.datagrams(to: 69).isEmpty, "HTTP Boot needs no TFTP")
    #expect(try lab.datagrams(to: 4011).isEmpty, "HTTP Boot asks no boot server")
  }

  @Test func undionlyStartsOverThePXEOfAnother() async throws {
    let lab = try await FirmwareSite.build(.biosChainload)
    defer { lab.laboratory.stop() }
    let events = try await lab.bootToDisk()
    for kind in ["tftp-finished", "script-disk"] {
      #expect(events.contains(kind), "no \(kind) in \(events)")
    }
  }

  /// Without a loader of their own their firmware asks, waits for a minute, and goes on to the disk.
  @Test(
    arguments: [
      (OpenFirmware.ia32, "PXEClient:Arch:00006"), (.aarch64, "PXEClient:Arch:00011"),
    ])
  func firmwareAsksAndReachesItsDisk(_ firmware: OpenFirmware, asks: String) async throws {
    let lab = try await FirmwareSite.build(.open(firmware, boot: [.pxe4]))
    defer { lab.laboratory.stop() }
    try await lab.bootToDisk()
    #expect(try lab.hasHeard(asks))
  }

  /// It fetches the loader that nobody signed, whole, and does not start it; the disk has signed ones.
  @Test func secureBootStartsNothingUnsigned() async throws {
    let lab = try await FirmwareSite.build(.secureBoot())
    defer { lab.laboratory.stop() }
    let events = try await lab.bootToDisk()
    #expect(events.contains("tftp-finished"), "\(events)")
    #expect(!events.contains("ipxe-discover"), "\(events)")
    let lines = lab.machine.console.lines().map(\.text)
    #expect(
      lines.contains { $0.contains("failed to load") && $0.contains("Access Denied") }, "\(lines)")
  }
}
