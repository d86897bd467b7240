/// LabTests: real firmware boots through the appliance, and installs once when somebody asks.

import Foundation
import Lab
import PacketCapture
import Testing
import Wire

/// One laboratory, one appliance: the tests run one after the other, the machines side by side.
@Suite(.serialized) struct BootTests {
  private static let bootTime = Duration.seconds(150)

  private func toDisk(_ machine: VirtualMachine, after start: Int) async throws {
    _ = try await machine.console.waitForLine(
      containing: BootDisk.greeting, after: start, timeout: Self.bootTime)
  }

  @Test func withoutAJobBothFirmwaresReachTheirDisks() async throws {
    let site = try await RehearsalLab.shared.site()
    try await withThrowingTaskGroup { group in
      for machine in [site.bios, site.uefi] {
        group.addTask {
          let start = machine.console.end
          try await machine.powerOn()
          try await toDisk(machine, after: start)
        }
      }
      try await group.waitForAll()
    }
    let bios = try #require(try await site.boots(of: site.bios).last)
    #expect(bios.contains("script-disk"))
    #expect(bios.contains("dhcp-offer"))
    let uefi = try #require(try await site.boots(of: site.uefi).last)
    for kind in ["dhcp-discover", "dhcp-offer", "tftp-finished", "ipxe-discover", "script-disk"] {
      #expect(uefi.contains(kind), "no \(kind) in \(uefi)")
    }
    #expect(!uefi.contains("tftp-failed"), "the size probe is no failure")
  }

  @Test func aReimageInstallsOnceAndThenTheDiskBoots() async throws {
    let site = try await RehearsalLab.shared.site()
    try await withThrowingTaskGroup { group in
      for machine in [site.bios, site.uefi] {
        group.addTask { try await reinstall(machine, site) }
      }
      try await group.waitForAll()
    }
  }

  private func reinstall(_ machine: VirtualMachine, _ site: RehearsalLab.Site) async throws {
    let start = machine.console.end
    let process = try machine.processID()
    let options = "console=ttyS0 fino.marker=\(machine.specification.name)"
    let answer = try await site.reimage(machine, options: options)
    #expect(answer.status == 202, "\(answer.body)")
    let job = answer.json["job"] as? [String: Any] ?? [:]
    let power = job["power"] as? [String: Any] ?? [:]
    #expect(power["state"] as? String == "succeeded", "\(answer.body)")

    let line = try await machine.console.waitForLine(
      containing: InstallerImage.greeting, after: start, timeout: Self.bootTime)
    #expect(line.text.contains(options))
    #expect(try machine.processID() != process, "the BMC really restarted the machine")
    try await toDisk(machine, after: line.end)
    let id = try #require(job["id"] as? Int)
    #expect(try await site.jobStates()[id] == "installed")
  }

  @Test func aKilledApplianceInstallsExactlyOnce() async throws {
    let site = try await RehearsalLab.shared.site()
    let machine = site.bios
    let start = machine.console.end
    let answer = try await site.reimage(machine, options: "console=ttyS0 fino.marker=killed")
    #expect(answer.status == 202)
    site.appliance.kill()
    try await site.appliance.start()
    let line = try await machine.console.waitForLine(
      containing: InstallerImage.greeting, after: start, timeout: Self.bootTime)
    #expect(line.text.contains("fino.marker=killed"))
    try await toDisk(machine, after: line.end)
    let installs = machine.console.lines(after: start)
      .filter { $0.text.contains(InstallerImage.greeting) }
    #expect(installs.count == 1)
  }

  @Test func aMachineThatDiesInTheInitrdInstallsWhenItComesBack() async throws {
    let site = try await RehearsalLab.shared.site()
    let machine = site.bios
    let start = machine.console.end
    let received = try machine.bytesReceived()
    let answer = try await site.reimage(
      machine, location: "large", options: "console=ttyS0 fino.marker=large")
    #expect(answer.status == 202)
    // Beyond the kernel, before the end of the initrd with its 64 MiB.
    try await machine.waitForBytes(40 << 20, after: received, timeout: Self.bootTime)
    try machine.kill()
    let id = try #require((answer.json["job"] as? [String: Any])?["id"] as? Int)
    #expect(try await site.jobStates()[id] == "leased")

    try await machine.powerOn()
    let line = try await machine.console.waitForLine(
      containing: InstallerImage.greeting, after: start, timeout: Self.bootTime)
    #expect(line.text.contains("fino.marker=large"))
    #expect(try await site.jobStates()[id] == "installed")
    try await toDisk(machine, after: line.end)
  }

  @Test func aBMCThatRefusesIsToldAndTheJobStays() async throws {
    let site = try await RehearsalLab.shared.site()
    try "wrong-password\n".write(
      toFile: site.appliance.passwordFile, atomically: true, encoding: .utf8)
    let answer = try await site.reimage(site.uefi, options: "fino.marker=refused")
    try ((site.uefi.bmc?.password ?? "") + "\n").write(
      toFile: site.appliance.passwordFile, atomically: true, encoding: .utf8)
    #expect(answer.status == 502, "\(answer.body)")
    let error = answer.json["error"] as? String ?? ""
    #expect(error.contains("password"), "\(error)")
    #expect(!answer.body.contains("wrong-password"))
    try await expectJobStaysAndCancel(answer, site)
  }

  @Test func aSilentBMCEndsInTimeAndTheJobStays() async throws {
    let site = try await RehearsalLab.shared.site()
    site.uefi.bmc?.freeze()
    let answer = try await site.reimage(site.uefi, options: "fino.marker=silent")
    site.uefi.bmc?.thaw()
    #expect(answer.status == 502, "\(answer.body)")
    #expect((answer.json["error"] as? String ?? "").contains("answer"), "\(answer.body)")
    try await expectJobStaysAndCancel(answer, site)
  }

  private func expectJobStaysAndCancel(
    _ answer: CurlAnswer, _ site: RehearsalLab.Site
  ) async throws {
    let job = answer.json["job"] as? [String: Any] ?? [:]
    let id = try #require(job["id"] as? Int)
    let stored = try await site.curl("/jobs/\(id)")
    #expect(stored.json["state"] as? String == "waiting")
    #expect((stored.json["power"] as? [String: Any])?["state"] as? String == "failed")
    let cancelled = try await site.curl("/jobs/\(id)", ["-X", "DELETE"])
    #expect(cancelled.status == 200)
    #expect(cancelled.json["state"] as? String == "cancelled")
  }

  @Test func aLocationWithoutAKernelIsKnownAtOnce() async throws {
    let site = try await RehearsalLab.shared.site()
    let before = try await site.jobStates()
    let answer = try await site.reimage(site.bios, location: "nowhere", options: "x")
    #expect(answer.status == 400)
    #expect((answer.json["error"] as? String ?? "").contains("nowhere/vmlinuz"))
    #expect(try await site.jobStates() == before)
  }

  /// The last test: it looks at everything that the others put on the wire.
  @Test func theDHCPServersLeasesAreTheOnlyOnes() async throws {
    let site = try await RehearsalLab.shared.site()
    #expect(
      Set(site.laboratory.dhcp.leases.map(\.mac)).isSuperset(of: [
        site.bios.specification.mac, site.uefi.specification.mac,
      ]))
    let capture = try CaptureFile(
      parsing: [UInt8](
        try Data(contentsOf: URL(filePath: site.capture.file))))
    let ours = try capture.records.compactMap { try UDPFrame(parsing: $0.bytes) }
      .filter {
        $0.source.address.v4 == LabHost.fino.address && [67, 4011].contains($0.source.port)
      }
    #expect(ours.count >= 4)
    for frame in ours {
      #expect(frame.payload[16..<20] == [0, 0, 0, 0], "yiaddr of \(frame.source) is not 0")
    }
  }
}
