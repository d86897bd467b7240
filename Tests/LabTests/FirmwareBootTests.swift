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

  /// Debian's signed shim, GRUB and kernel, by the same decisions as an iPXE script: once the
  /// installer, then the disk.
  @Test func secureBootInstallsOnceAndThenBootsFromDisk() async throws {
    let layout = LabLayout(namesNextServer: true)
    let lab = try await FirmwareSite.build(.secureBoot(), on: layout) { _, appliance in
      try InstallerImage(cache: InstallerImage.defaultCache).write(
        location: "debian", under: appliance.images)
      try appliance.configure("loaders: { secure-boot: true }\n")
    }
    defer { lab.laboratory.stop() }
    let answer = try await lab.site.reimage(
      lab.machine, options: "console=ttyS0 fino.marker=secure")
    // The machine is off: the job waits for it, whatever its BMC said.
    #expect([202, 502].contains(answer.status), "\(answer.body)")
    let start = lab.machine.console.end
    if try !lab.machine.isOn() { try await lab.machine.powerOn() }
    let kernel = try await lab.machine.console.waitForLine(
      containing: "Secure boot enabled", after: start, timeout: .seconds(240))
    let line = try await lab.machine.console.waitForLine(
      containing: InstallerImage.greeting, after: kernel.end, timeout: .seconds(60))
    #expect(line.text.contains("fino.marker=secure"))
    try await lab.reachDisk(after: line.end)
    let installs = lab.machine.console.lines(after: start)
      .filter { $0.text.contains(InstallerImage.greeting) }
    #expect(installs.count == 1)
    #expect(try await lab.site.jobStates().values.contains("installed"))
  }

  /// It fetches the loader that nobody signed, whole, and does not start it; the disk has signed ones.
  @Test func secureBootStartsNothingUnsigned() async throws {
    let lab = try await FirmwareSite.build(.secureBoot())
    defer { lab.laboratory.stop() }
    let events = try await lab.bootToDisk()
    #expect(events.contains("tftp-finished"), "\(events)")
    #expect(!events.contains("ipxe-discover"), "\(events)")
    // The verdict comes once the machine was silent for a while.
    let deadline = ContinuousClock.now + .seconds(60)
    var story = events
    while !story.contains("loader-failed"), ContinuousClock.now < deadline {
      try await Task.sleep(for: .seconds(2))
      story = try await lab.site.boots(of: lab.machine).last ?? []
    }
    #expect(story.contains("loader-failed"), "\(story)")
    let lines = lab.machine.console.lines().map(\.text)
    #expect(
      lines.contains { $0.contains("failed to load") && $0.contains("Access Denied") }, "\(lines)")
  }
}
