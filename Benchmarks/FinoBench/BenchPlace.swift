/// FinoBench: what every load needs of this machine, and files to fetch.

import CLoad
import Foundation
import Lab

enum BenchPlace {
  /// The load has the second processor, and comes a little before what else runs here; the servers
  /// inherit that. Nobody is short of sockets.
  static func take(for what: String) throws {
    guard geteuid() == 0 else { throw LabError("\(what) needs root for its namespaces") }
    guard load_pin(1) == 0 else { throw LabError("\(what) needs a second processor") }
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, -5)
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  /// The rest of a command line that takes everything it has started with it when it ends: a space of
  /// process numbers of its own.
  static let family = ["unshare", "--pid", "--fork", "--kill-child"]

  /// A file that is the same each time, and not the same everywhere: a block in another's place is
  /// found. Everybody may read it.
  static func write(_ count: Int, to path: String) throws -> [UInt8] {
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15
    let bytes = (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
    let file = URL(filePath: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    chmod(path, 0o644)
    return bytes
  }

  /// Whether a process has a socket on a port, by its namespace's `udp` or `tcp` table.
  static func hasPort(_ process: ChildProcess, _ table: String, _ port: Int) -> Bool {
    let file = "/proc/\(process.processID)/net/\(table)"
    let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    return text.contains(":" + String(format: "%04X", port) + " ")
  }
}
