/// PowerTests: the libvirt driver against libvirtd, with virsh looking at the same daemon.

import Foundation
import IPMI
import NIOCore
import NIOPosix
import Testing
import Wire

@testable import Power

private let programs = [
  "/usr/sbin/libvirtd", "/usr/sbin/virtlogd", "/usr/bin/virsh", "/usr/bin/qemu-system-x86_64",
]
/// A machine has one libvirtd; where one runs, it is left alone.
private let canRun =
  geteuid() == 0 && programs.allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
  && !FileManager.default.fileExists(atPath: "/run/libvirt/libvirt-sock")

/// Its own libvirtd on its own socket, with the test driver (whose domain `test` lives as long as
/// somebody is connected) and with QEMU.
@Suite(.enabled(if: canRun), .serialized)
struct LibvirtDaemonTests {
  private let daemon: RunningProgram
  private let socket: String
  private let port: Int

  init() async throws {
    let folder = try RunningProgram.makeFolder()
    socket = folder.path + "/libvirt-sock"
    port = try await RunningProgram.freePort()
    let configuration = """
      unix_sock_dir = "\(folder.path)"
      auth_unix_rw = "none"
      listen_tls = 0
      listen_tcp = 1
      listen_addr = "127.0.0.1"
      tcp_port = "\(port)"
      auth_tcp = "none"
      """
    try Data(configuration.utf8).write(to: folder.appending(path: "libvirtd.conf"))
    daemon = try RunningProgram(
      "/usr/sbin/libvirtd",
      ["-l", "-f", folder.path + "/libvirtd.conf", "-p", folder.path + "/libvirtd.pid"], in: folder)
    for _ in 0..<300 {
      if (try? virsh("qemu", ["version"])) != nil { return }
      try await Task.sleep(for: .milliseconds(100))
    }
    Issue.record("libvirtd does not answer: \(daemon.log)")
  }

  private func url(_ kind: String) -> String {
    "\(kind)+unix:///\(kind == "test" ? "default" : "system")?socket=\(socket)"
  }

  @discardableResult private func virsh(_ kind: String, _ arguments: [String]) throws -> String {
    let (output, status) = try RunningProgram.output(
      "/usr/bin/timeout", ["20", "/usr/bin/virsh", "-q", "-c", url(kind)] + arguments)
    guard status == 0 else { throw DriverError(.refused, output) }
    return output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private func driver(_ kind: String, _ machine: LibvirtMachine) throws -> LibvirtDriver {
    LibvirtDriver(try LibvirtAddress(url(kind)), machine: machine)
  }

  /// A virsh that stays connected, so that the test driver keeps its domain's state.
  private func keepTestDriver() throws -> RunningProgram {
    try RunningProgram(
      "/usr/bin/virsh", ["-c", url("test"), "event", "--all", "--loop"],
      in: try RunningProgram.makeFolder())
  }

  @Test func theTestDriversDomainIsSwitched() async throws {
    let keeper = try keepTestDriver()
    try await Task.sleep(for: .seconds(1))
    let uuid = try #require(SystemUUID(try virsh("test", ["domuuid", "test"])))
    let drivers = [
      try driver("test", .name("test")), try driver("test", .uuid(uuid)),
      LibvirtDriver(
        try LibvirtAddress("test+tcp://127.0.0.1:\(port)/default"), machine: .uuid(uuid)),
    ]
    for driver in drivers {
      let limit = Duration.seconds(20)
      #expect(try await driver.perform(.status, limit: limit).before == .on)
      let off = try await driver.perform(.power(.off, verify: .seconds(5)), limit: limit)
      #expect(off.after == .off)
      #expect(try virsh("test", ["domstate", "test"]) == "shut off")
      let reinstall = try await driver.perform(.reinstall(verify: .seconds(5)), limit: limit)
      #expect(reinstall.after == .on)
      #expect(try virsh("test", ["domstate", "test"]) == "running")
      // Booted once: the running domain has the network first, the next start does not.
      #expect(try virsh("test", ["dumpxml", "test"]).contains("<boot dev='network'/>"))
      let kept = try virsh("test", ["dumpxml", "--inactive", "test"])
      #expect(!kept.contains("<boot dev='network'/>"))
      #expect(!kept.contains("boot-order"))
      let cycle = try await driver.perform(.power(.cycle), limit: limit)
      #expect(cycle.sent == "power cycle")
    }
    withExtendedLifetime(keeper) {}
  }

  @Test func whatIsNotThereIsNamed() async throws {
    let missing = await #expect(throws: PowerError.self) {
      try await driver("test", .name("pc7")).perform(.status, limit: .seconds(20))
    }
    guard case .driver(let error)? = missing?.cause else {
      Issue.record("\(String(describing: missing))")
      return
    }
    #expect(error.kind == .missing)
    let nobody = await #expect(throws: PowerError.self) {
      try await LibvirtDriver(
        try LibvirtAddress("qemu+unix:///system?socket=\(socket)-none"), machine: .name("pc7")
      ).perform(.status, limit: .seconds(20))
    }
    #expect(nobody?.isBeforeAnyAction == true)
  }

  @Test func aQEMUDomainIsBootedFromTheNetworkOnce() async throws {
    // QEMU's output goes through virtlogd, which has one socket on a machine.
    let path = "/run/libvirt/virtlogd-sock"
    let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
    let channel = try? await bootstrap.connect(unixDomainSocketPath: path).get()
    // One that was killed leaves its socket behind.
    if channel == nil { try? FileManager.default.removeItem(atPath: path) }
    try await channel?.close()
    let log =
      channel != nil
      ? nil
      : try RunningProgram("/usr/sbin/virtlogd", [], in: try RunningProgram.makeFolder())
    try await Task.sleep(for: .seconds(1))
    let name = "fino-\(UUID().uuidString.prefix(8))"
    let uuid = UUID().uuidString.lowercased()
    let xml = """
      <domain type='qemu'><name>\(name)</name><uuid>\(uuid)</uuid><memory unit='MiB'>64</memory>
      <os><type arch='x86_64' machine='pc'>hvm</type><boot dev='hd'/></os>
      <devices><emulator>/usr/bin/qemu-system-x86_64</emulator>
      <interface type='user'><model type='e1000'/></interface></devices></domain>
      """
    let file = daemon.folder.appending(path: "domain.xml")
    try Data(xml.utf8).write(to: file)
    try virsh("qemu", ["define", file.path])
    defer {
      _ = try? virsh("qemu", ["destroy", name])
      _ = try? virsh("qemu", ["undefine", name])
    }
    let driver = try driver("qemu", .uuid(try #require(SystemUUID(uuid))))
    let limit = Duration.seconds(60)
    let first = try await driver.perform(.reinstall(verify: .seconds(20)), limit: limit)
    #expect(first.text.hasPrefix("boot device pxe once set, power on sent to "))
    let running = try virsh("qemu", ["domstate", name])
    #expect(running == "running")
    #expect(try virsh("qemu", ["dumpxml", name]).contains("<boot dev='network'/>"))
    #expect(!(try virsh("qemu", ["dumpxml", "--inactive", name]).contains("network'/>")))
    let reset = try await driver.perform(.power(.reset), limit: limit)
    #expect(reset.sent == "reset")
    _ = try await driver.perform(.bootDevice(.pxe), limit: limit)
    let restart = try await driver.perform(.power(.reset), limit: limit)
    #expect(restart.sent == "power cycle, for the changed boot order,")
    #expect(!(try virsh("qemu", ["dumpxml", "--inactive", name]).contains("boot-order")))
    let off = try await driver.perform(.power(.off, verify: .seconds(10)), limit: limit)
    #expect(off.after == .off)
    withExtendedLifetime(log) {}
  }
}
