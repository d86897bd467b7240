/// LabTests: the laboratory itself, without an appliance in it.

import FoundationEssentials
import Testing
import Wire

@testable import Lab

@Suite struct LaboratoryTests {
  @Test func itIsBuiltAndLeavesNothingBehind() async throws {
    let lab = try await Laboratory.start()
    defer { lab.stop() }
    let route = try await lab.run(["ip", "-br", "address", "show", "eth0"], on: .fino)
    #expect(route.exit == .status(0))
    #expect(route.output.contains("10.77.0.2/24"))
    #expect(lab.dhcp.leases.isEmpty)
    #expect(try Laboratory.cleanUpStale().allSatisfy { $0 != lab.name.description })
    let lasting = try lab.start(["sleep", "1000"], on: .bmc)

    lab.stop()
    lab.stop()
    #expect(lasting.waitUntilEnded() == .signal(9))
    #expect(!FileManager.default.fileExists(atPath: lab.directory))
    for host in LabHost.allCases {
      #expect(!FileManager.default.fileExists(atPath: "/run/netns/\(lab.namespace(of: host))"))
    }
  }

  /// Everything here is the chassis program's, which the BMC calls as well.
  @Test func aMachineIsSwitched() async throws {
    let lab = try await Laboratory.start()
    defer { lab.stop() }
    let machine = try await lab.makeMachine(
      MachineSpecification(
        name: "m1", firmware: .bios(), mac: MACAddress(value: 0x5254_0077_00ff),
        uuid: try #require(SystemUUID("00112233-4455-6677-8899-aabbccddeeff")), memoryMiB: 64))
    #expect(machine.bmc?.address == LabHost.bmc.address)
    #expect(try !machine.isOn())
    #expect(try machine.processID() == nil)

    try await machine.powerOn()
    let first = try #require(try machine.processID())
    try await machine.powerOn()
    #expect(try machine.processID() == first)
    try ShortCommand.run([machine.control, "set", "reset", "1"])
    #expect(try machine.processID() == first)

    // A reset does not change the boot order of a QEMU that runs, so it is another one.
    try ShortCommand.run([machine.control, "set", "boot", "disk"])
    #expect(try ShortCommand.run([machine.control, "get", "boot"]) == "boot:disk\n")
    try ShortCommand.run([machine.control, "set", "reset", "1"])
    #expect(try machine.processID() != first)
    #expect(try ShortCommand.run([machine.control, "get", "boot"]) == "boot:none\n")
    let log = String(
      decoding: try LabFile.read("\(machine.directory)/control.log"), as: UTF8.self)
    #expect(log.contains("order=nc,once=c (override: disk)"))

    try machine.kill()
    #expect(try !machine.isOn())
    #expect(throws: LabError.self) {
      try ShortCommand.run([machine.control, "set", "reset", "1"])
    }
    #expect(throws: LabError.self) { try ShortCommand.run([machine.control, "set", "x", "1"]) }
  }

  @Test func aNameThatIsNoNameIsRefused() async throws {
    let lab = try await Laboratory.start()
    defer { lab.stop() }
    for name in ["", "nine-long", "ninechars", "a b", "ä"] {
      await #expect(throws: LabError.self) {
        _ = try await lab.makeMachine(
          MachineSpecification(
            name: name, firmware: .uefi, mac: MACAddress(value: 0x5254_0077_00fe),
            uuid: try #require(SystemUUID("00112233-4455-6677-8899-aabbccddeefe"))))
      }
    }
  }

  @Test func wordsOfAShellAreQuoted() {
    #expect(ChassisScript.quoted("it's $HOME") == "'it'\\''s $HOME'")
  }
}
