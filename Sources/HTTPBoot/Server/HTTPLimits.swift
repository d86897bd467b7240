/// HTTPBoot: what one connection may take of the server.

internal import Glibc

/// Defaults that no firmware comes near: the longest request of an iPXE is under 1 KB, it follows the
/// connection at once, and the connection is dropped 10 seconds after the last answer.
package struct HTTPLimits: Equatable, Sendable {
  /// Bytes of a request's line and headers together.
  package var headerSize = 16 << 10
  /// From a request's first byte to the end of its headers.
  package var headerTime = Duration.seconds(15)
  /// Between two requests, and between two pieces of a request's body.
  package var idleTime = Duration.seconds(60)
  /// For which a machine may take nothing of an answer that waits for it.
  package var stallTime = Duration.seconds(120)
  /// Connections of one address at a time.
  package var connectionsPerAddress = 256
  /// Those of this host's loopback addresses count in `connections` alone.
  package var exemptsLoopback = true
  /// Connections at a time. Each needs one file descriptor, and one more while an image goes out.
  package var connections = 8192
  /// How many files this process may open, where that is why there are not more connections.
  package private(set) var openFiles: Int?

  package init() {}

  /// Files that are neither TFTP's nor HTTP's: the database, captures, consoles.
  private static let reserve = 256

  /// With no more connections than a process that may open that many files can have: two for each
  /// connection, and TFTP has the other half.
  package func fitting(openFiles: Int) -> HTTPLimits {
    var limits = self
    let most = max((openFiles - Self.reserve) / 4, openFiles / 8, 1)
    guard most < connections else { return limits }
    limits.connections = most
    limits.openFiles = openFiles
    return limits
  }

  /// For this process (`ulimit -n`).
  func fittingThisProcess() -> HTTPLimits {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return self }
    return fitting(openFiles: Int(clamping: limit.rlim_cur))
  }

  /// What to tell an operator whose setting could not be had.
  package func complaint(wanted: Int) -> String? {
    guard let openFiles else { return nil }
    return "HTTP takes \(connections) connections at a time, not \(wanted) (http.connections): "
      + "this process may open only \(openFiles) files; raise that limit (LimitNOFILE, ulimit -n)"
  }
}
