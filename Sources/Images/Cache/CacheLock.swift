/// Images: one process for one cache directory.

import Foundation

/// Two appliances in one folder would remove each other's parts. The lock ends with the process.
final class CacheLock: Sendable {
  private let descriptor: Int32

  init(_ directory: CacheDirectory) throws {
    descriptor = open("\(directory.path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw DiskTrouble() }
    guard Self.lock(descriptor) else {
      let code = errno
      close(descriptor)
      throw code == EWOULDBLOCK ? CacheLock.Taken() : DiskTrouble(code)
    }
  }

  struct Taken: Error, CustomStringConvertible {
    var description: String { "another process uses it" }
  }

  /// A process that was killed a moment ago, or one that is between fork and exec, may hold the lock
  /// for some milliseconds more.
  private static func lock(_ descriptor: Int32) -> Bool {
    for _ in 0..<50 {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
      usleep(20_000)
    }
    return false
  }

  deinit {
    close(descriptor)
  }
}
