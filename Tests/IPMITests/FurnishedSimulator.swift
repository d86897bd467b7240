/// IPMITests: an ipmi_sim with sensors, an event log and inventories.

import Datagram
import Fixtures
import Foundation
import IPMI
import Wire

/// On a free port of 127.0.0.1; ends with this value.
final class FurnishedSimulator: Sendable {
  static let password = "Sim-Passw0rd"
  /// ipmi_sim, and the two other clients that read the same.
  static var isInstalled: Bool {
    ["/usr/bin/ipmi_sim", "/usr/bin/ipmitool"].allSatisfy {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }

  let port: UInt16
  private let folder: URL
  private let process: Process

  init(loop: DatagramLoop) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "fino-furnished-\(UUID())")
    try FileManager.default.createDirectory(
      at: folder.appending(path: "state"), withIntermediateDirectories: true)
    // A port that was free a moment ago.
    let socket = try DatagramSocket.bind(
      on: loop, interface: nil, address: .loopback, port: 0, receive: { _ in })
    port = socket.local.port
    socket.close()
    try Data(Fixtures.bytes("ipmi/furnished.emu")).write(to: folder.appending(path: "sim.emu"))
    try Data(Self.configuration(port: port).utf8).write(to: folder.appending(path: "lan.conf"))
    let script = folder.appending(path: "chassis.sh")
    try Data(Self.chassis.utf8).write(to: script)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
    process = Process()
    process.executableURL = URL(filePath: "/usr/bin/ipmi_sim")
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
  var log: String {
    (try? String(contentsOf: folder.appending(path: "log"), encoding: .utf8)) ?? ""
  }

  /// The lines that ipmitool prints, cut at `separator`, without the blanks around.
  func ipmitool(_ words: String, separator: Character) throws -> [[String]] {
    let tool = Process()
    tool.executableURL = URL(filePath: "/usr/bin/ipmitool")
    tool.arguments =
      ["-I", "lanplus", "-C", "3", "-H", "127.0.0.1", "-p", "\(port)", "-U", "admin", "-P"]
      + [Self.password] + words.split(separator: " ").map(String.init)
    let pipe = Pipe()
    tool.standardOutput = pipe
    tool.standardError = FileHandle.nullDevice
    try tool.run()
    // Packed names come out as bytes that are no UTF-8.
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    tool.waitUntilExit()
    return text.split(separator: "\n").map { line in
      line.split(separator: separator, omittingEmptySubsequences: false).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
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
      user 2 true  "admin"   "\(password)"   admin    10 none md2 md5 straight
      user 3 true  "viewer"  "View-Passw0rd"  user     10 none md2 md5 straight

    """
  }

  /// Called as `chassis.sh get|set NAME [VALUE]…`.
  private static let chassis = """
    #!/bin/sh
    op=$1; shift
    [ $op = set ] && echo "$*" >> log
    while [ $# -gt 0 ]; do
      case $op-$1 in
      get-power) echo "power:1" ;;
      get-boot) echo "boot:$(cat boot 2>/dev/null || echo none)" ;;
      set-boot) echo "$2" > boot ;;
      esac
      shift; [ $op = set ] && [ $# -gt 0 ] && shift
    done
    exit 0

    """
}
