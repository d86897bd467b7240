/// IPMITests: the client against OpenIPMI's ipmi_sim, a BMC that somebody else wrote.

import Datagram
import Foundation
import IPMI
import Testing
import Wire

/// A running ipmi_sim with one BMC, on a free port of 127.0.0.1, its power state in a file.
private final class Simulator: Sendable {
  static let program = "/usr/bin/ipmi_sim"
  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

  let port: UInt16
  private let folder: URL
  private let process: Process

  init(loop: DatagramLoop) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "fino-ipmi-\(UUID())")
    try FileManager.default.createDirectory(
      at: folder.appending(path: "state"), withIntermediateDirectories: true)
    // A port that was free a moment ago.
    let socket = try DatagramSocket.bind(
      on: loop, interface: nil, address: .loopback, port: 0, receive: { _ in })
    port = socket.local.port
    socket.close()
    try Self.write(folder.appending(path: "lan.conf"), Self.configuration(port: port))
    try Self.write(folder.appending(path: "sim.emu"), Self.emulation)
    try Self.write(folder.appending(path: "chassis.sh"), Self.chassis)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: folder.appending(path: "chassis.sh").path)
    process = Process()
    process.executableURL = URL(filePath: Self.program)
    process.arguments = [
      "-c", "lan.conf", "-f", "sim.emu", "-s", folder.path + "/state", "-d", "-n",
    ]
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
  }

  deinit {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: folder)
  }

  var address: BMCAddress { BMCAddress(Endpoint(IPAddress.loopback, port)) }

  /// What the simulator told its chassis.
  var log: [String] {
    let text = try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)
    return text?.split(separator: "\n").map(String.init) ?? []
  }

  private static func write(_ file: URL, _ text: String) throws {
    try Data(text.utf8).write(to: file)
  }

  private static func configuration(port: UInt16) -> String {
    """
    name "fino"
    set_working_mc 0x20
      startlan 1
        addr 127.0.0.1 \(port)
        priv_limit admin
        allowed_auths_callback none md2 md5 straight
        allowed_auths_user none md2 md5 straight
        allowed_auths_operator none md2 md5 straight
        allowed_auths_admin none md2 md5 straight
        guid a123456789abcdefa123456789abcdef
      endlan
      chassis_control "./chassis.sh"
      user 2 true  "admin"   "Sim-Passw0rd"   admin    10 none md2 md5 straight

    """
  }

  private static let emulation = """
    mc_setbmc 0x20
    mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02 persist_sdr
    mc_enable 0x20

    """

  /// Called as `chassis.sh get|set NAME [VALUE]…`.
  private static let chassis = """
    #!/bin/sh
    op=$1; shift
    [ $op = set ] && echo "$*" >> log
    while [ $# -gt 0 ]; do
      case $op-$1 in
      get-power) echo "power:$(cat power 2>/dev/null || echo 0)" ;;
      get-boot) echo "boot:$(cat boot 2>/dev/null || echo none)" ;;
      set-shutdown) echo 0 > power ;;
      set-power|set-boot) echo "$2" > $1 ;;
      esac
      shift; [ $op = set ] && [ $# -gt 0 ] && shift
    done
    exit 0

    """
}

/// Needs Debian's package `openipmi`, which the project's test set-up installs.
@Suite(.serialized, .enabled(if: Simulator.isInstalled, "ipmi_sim is not installed"))
struct SimulatorTests {
  @Test func powerAndBootDevice() async throws {
    let loop = try DatagramLoop(name: "ipmi-simulator")
    defer { loop.shutdown() }
    let simulator = try Simulator(loop: loop)
    let client = IPMIClient(loop: loop, login: try .test(password: "Sim-Passw0rd"))
    // It takes a moment until it listens.
    for _ in 0..<100 {
      let state = try? await client.withSession(to: simulator.address, limit: .seconds(10)) {
        session async throws(IPMIError) in try await session.powerState()
      }
      if state != nil { break }
      try await Task.sleep(for: .milliseconds(50))
    }

    let reports = try await client.withSession(to: simulator.address, limit: .seconds(60)) {
      session async throws(IPMIError) in
      let wait = Duration.seconds(20)
      // Off at first, so that a cycle is an "on".
      let first = try await session.power(.cycle, verify: wait)
      let cycled = try await session.bootOnceFromNetwork(efi: true, verify: wait)
      let off = try await session.power(.off, verify: wait)
      let on = try await session.power(.on, verify: wait)
      let soft = try await session.power(.soft, verify: wait)
      return (first, cycled, off, on, soft)
    }
    #expect(
      reports.0 == PowerReport(action: .cycle, before: .off, sent: .powerUp, after: .on))
    #expect(
      reports.1.power == PowerReport(action: .cycle, before: .on, sent: .powerCycle, after: .on))
    // Its flaw: it keeps the device alone.
    #expect(
      reports.1.boot.warnings
        == ["the BMC kept boot device pxe, but reads back other values of: valid, EFI"])
    #expect(reports.2.after == .off)
    #expect(reports.3.after == .on)
    #expect(reports.4.after == .off)
    #expect(simulator.log.contains("boot pxe"))

    for (login, expected) in [
      (try IPMILogin.test(password: "wrong"), IPMIError.wrongPassword),
      (try .test(username: "nobody", password: "Sim-Passw0rd"), .wrongUsername),
      (
        try .test(password: "Sim-Passw0rd", suite: .suite17),
        .suitesRefused([.suite17], .invalidAuthentication)
      ),
    ] {
      let stranger = IPMIClient(loop: loop, login: login)
      await #expect(throws: expected) {
        try await stranger.withSession(to: simulator.address, limit: .seconds(30)) {
          session async throws(IPMIError) in try await session.powerState()
        }
      }
    }
  }
}
