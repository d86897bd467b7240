/// FinoBench: two hosts on one cable: network namespaces without a name.

import CLoad
import Foundation
import Lab

/// A namespace lives as long as a process in it, and every process here dies with ours (also when we
/// are killed), so there is nothing to remove: no name, no interface of this machine is touched.
final class BenchNetwork {
  /// The namespace of the appliance, and of its peer; its interface is `eth0`.
  let serverHost: ChildProcess
  /// The clients' end of the cable has no address: only raw sockets use it.
  let clientHost: ChildProcess
  let work: String

  static let serverAddress = "10.95.255.254"
  static let serverNumber: UInt32 = 0x0a5f_fffe
  /// The clients' network: 10.64.0.0/11.
  static let prefixLength = 11
  /// To where answers to clients are sent: one entry in the neighbour table instead of one each.
  private static let everyClient = "10.95.255.253"

  /// The rest of a command line that ends with our process.
  static let leash = ["setpriv", "--pdeathsig", "KILL"]

  init(work: String) throws {
    self.work = work
    let holder = ["unshare", "--net"] + Self.leash + ["sleep", "infinity"]
    serverHost = try ChildProcess.start(holder, output: "\(work)/network.log")
    clientHost = try ChildProcess.start(holder, output: "\(work)/network.log")
    do {
      try Self.wait(for: "a network namespace", seconds: 5) {
        [serverHost, clientHost].allSatisfy { Self.namespace($0.processID) != Self.namespace(nil) }
      }
      try connect()
    } catch {
      close()
      throw error
    }
  }

  func close() {
    serverHost.kill()
    clientHost.kill()
  }

  deinit { close() }

  private func connect() throws {
    let client = clientHost.processID
    try onServer([
      "ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", "\(client)",
    ])
    for host in [serverHost, clientHost] {
      // No packets of IPv6's own in between; and Linux's own congestion control, for with BBR, which is
      // some machines' default, its timers decide and not the server.
      try run(
        [
          "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1",
          "net.ipv4.tcp_congestion_control=cubic",
        ], host)
      try run(["ip", "link", "set", "lo", "up"], host)
      try run(["ip", "link", "set", "eth0", "up"], host)
    }
    try onServer([
      "ip", "address", "add", "\(Self.serverAddress)/\(Self.prefixLength)", "brd", "+", "dev",
      "eth0", "noprefixroute",
    ])
    try onServer([
      "ip", "neighbour", "add", Self.everyClient, "lladdr", "02:be:00:00:00:00", "dev", "eth0",
    ])
    try onServer(["ip", "route", "add", "\(Self.everyClient)/32", "dev", "eth0"])
    try onServer(["ip", "route", "add", "10.64.0.0/11", "via", Self.everyClient, "dev", "eth0"])
  }

  private func onServer(_ command: [String]) throws { try run(command, serverHost) }

  func run(_ command: [String], _ host: ChildProcess) throws {
    let output = "\(work)/command.log"
    let child = try ChildProcess.start(inside(host) + command, output: output)
    while child.isRunning { usleep(1000) }
    guard child.ended == .status(0) else {
      throw LabError("`\(command.joined(separator: " "))` failed: \(child.outputText)")
    }
  }

  func inside(_ host: ChildProcess) -> [String] {
    ["nsenter", "--net", "--target", "\(host.processID)"] + Self.leash
  }

  /// Starts a server; a pinned one has the first processor, and the load has the second one.
  func start(_ command: [String], pinned: Bool, output: String) throws -> ChildProcess {
    // Nobody waits for the addresses that the last server asked for in vain.
    try onServer(["ip", "neighbour", "flush", "dev", "eth0"])
    let place = pinned ? ["taskset", "--cpu-list", "0"] : []
    return try ChildProcess.start(inside(serverHost) + place + command, output: output)
  }

  /// A raw socket on the clients' end of the cable.
  func rawSocket() throws -> Int32 {
    let socket = load_open(clientHost.processID, "eth0")
    guard socket >= 0 else {
      throw LabError("no raw socket: \(String(cString: strerror(-socket)))")
    }
    return socket
  }

  /// The hardware address of the server's end.
  func serverHardware() throws -> [UInt8] {
    let output = "\(work)/hardware.log"
    try? FileManager.default.removeItem(atPath: output)
    let child = try ChildProcess.start(
      inside(serverHost) + ["ip", "-brief", "link", "show", "eth0"], output: output)
    while child.isRunning { usleep(1000) }
    let words = child.outputText.split(whereSeparator: \.isWhitespace)
    let mac = words.first { $0.count == 17 && $0.contains(":") }
    let bytes = mac?.split(separator: ":").compactMap { UInt8($0, radix: 16) } ?? []
    guard bytes.count == 6 else { throw LabError("no hardware address in: \(child.outputText)") }
    return bytes
  }

  /// Looks again and again until `condition` holds.
  static func wait(for what: String, seconds: Double, _ condition: () -> Bool) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while !condition() {
      guard ContinuousClock.now < deadline else { throw LabError("\(what): not in \(seconds) s") }
      usleep(10_000)
    }
  }

  private static func namespace(_ process: Int32?) -> String? {
    let process = process.map(String.init) ?? "self"
    return try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/ns/net")
  }
}
