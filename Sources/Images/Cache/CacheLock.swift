/// Images: one process for one cache directory.

import Foundation

/// Two appliances in one folder would remove each other's parts. The lock ends with the process.
final class CacheLock: Sendable {
  private let descriptor: Int32

  init(_ directory: CacheDirectory) throws {
    descriptor = open("\(directory.path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw DiskTrouble() }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      throw code == EWOULDBLOCK ? CacheLock.Taken() : DiskTrouble(code)
    }
  }

  struct Taken: Error, CustomStringConvertible {
    var description: String { "another process uses it" }
  }

  deinit {
    close(descriptor)
  }
}
