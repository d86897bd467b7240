/// TFTP: how many sockets this process may have.

internal import Glibc

/// Each transfer has a socket. If the kernel refused one, clients that answer would suffer together
/// with those that never do; so the number of transfers stays below what the process may open.
enum DescriptorLimit {
  /// Left for everything else: files, the database.
  private static let reserve = 256

  /// At most `wanted`; fewer where the limit of the process (`ulimit -n`) is low: the other half is for
  /// HTTP's connections.
  static func transfers(_ wanted: Int) -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
    return transfers(wanted, openFiles: Int(clamping: limit.rlim_cur))
  }

  static func transfers(_ wanted: Int, openFiles: Int) -> Int {
    min(wanted, max((openFiles - reserve) / 2, openFiles / 4, 1))
  }
}
