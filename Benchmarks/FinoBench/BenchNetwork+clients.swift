/// FinoBench: clients with addresses of their own, for what needs the kernel's TCP.

import Foundation
import Lab

extension BenchNetwork {
  /// The clients' addresses: 10.64.0.0/12, all of them the client end's own.
  static let firstClient: UInt32 = 0x0a40_0001
  static let firstClientAddress = "10.64.0.1"

  /// Gives the client end its addresses. `apart`: what arrives at an end is received by that end's
  /// processor, the server's by the first, the clients' by the second one, as if they were two
  /// machines; else by the one that sends it.
  func addressClients(apart: Bool) throws {
    try run(["ip", "link", "set", "eth0", "address", "02:be:00:00:00:00"], clientHost)
    try run(["ip", "route", "add", "local", "10.64.0.0/12", "dev", "lo"], clientHost)
    try run(
      [
        "ip", "route", "add", "\(Self.serverAddress)/32", "dev", "eth0",
        "src", Self.firstClientAddress,
      ], clientHost)
    guard apart else { return }
    for (host, processors) in [(serverHost, 1), (clientHost, 2)] {
      // What /sys shows of a network belongs to the namespace in which it was mounted.
      let file = "/sys/class/net/eth0/queues/rx-0/rps_cpus"
      let set = "mount -t sysfs none /sys && echo \(processors) >\(file)"
      try run(["unshare", "--mount", "sh", "-c", set], host)
    }
  }

  /// Starts a server at the clients' end, on the second processor.
  func startBeside(_ command: [String], pinned: Bool, output: String) throws -> ChildProcess {
    let place = pinned ? ["taskset", "--cpu-list", "1"] : []
    return try ChildProcess.start(inside(clientHost) + place + command, output: output)
  }
}
