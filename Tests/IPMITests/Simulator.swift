/// IPMITests: OpenIPMI's ipmi_sim, a BMC that somebody else wrote.

import Datagram
import Foundation
import IPMI
import Wire

/// A running ipmi_sim with one BMC, on a free port of the loopback interface, its power state in a
/// file. Needs Debian's package `openipmi`, which the project's test set-up installs.
final class Simulator: Sendable {
  static let program = "/usr/bin/ipmi_sim"
  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

  /// The user's.
  static let password = "Sim-Passw0rd"

  let endpoint: Endpoint
  private let folder: URL
  private let process: Process

  /// `console` is the TCP port behind its serial console.
  init(
    loop: DatagramLoop, host: IPAddress = .loopback, kg: String? = nil, console: UInt16? = nil
  ) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "fino-ipmi-\(UUID())")
    try FileManager.default.createDirectory(
      at: folder.appending(path: "state"), withIntermediateDirectories: true)
    // A port that was free a moment ago.
    let socket = try DatagramSocket.bind(
      on: loop, interface: nil, address: host, port: 0, receive: { _ in })
    endpoint = socket.local
    socket.close()
    try Self.write(folder.appending(path: "lan.conf"), Self.configuration(endpoint, kg, console))
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

  var address: BMCAddress { BMCAddress(endpoint) }

  /// It takes a moment until it listens.
  func waitUntilReady(_ client: IPMIClient) async throws {
    for _ in 0..<100 {
      let state = try? await client.withSession(to: address, limit: .seconds(10)) {
        session async throws(IPMIError) in try await session.powerState()
      }
      if state != nil { return }
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  /// What the simulator told its chassis.
  var log: [String] {
    let text = try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)
    return text?.split(separator: "\n").map(String.init) ?? []
  }

  private static func write(_ file: URL, _ text: String) throws {
    try Data(text.utf8).write(to: file)
  }

  private static func configuration(
    _ endpoint: Endpoint, _ kg: String?, _ console: UInt16?
  ) -> String {
    """
    name "fino"
    set_working_mc 0x20
      startlan 1
        addr \(endpoint.address) \(endpoint.port)
        \(kg.map { "bmc_key \"\($0)\"" } ?? "")
        priv_limit admin
        allowed_auths_callback none md2 md5 straight
        allowed_auths_user none md2 md5 straight
        allowed_auths_operator none md2 md5 straight
        allowed_auths_admin none md2 md5 straight
        guid a123456789abcdefa123456789abcdef
      endlan
      chassis_control "./chassis.sh"
      \(console.map { "sol \"tcp:127.0.0.1:\($0)\" 115200" } ?? "")
      user 2 true  "admin"   "\(password)"   admin    10 none md2 md5 straight

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
