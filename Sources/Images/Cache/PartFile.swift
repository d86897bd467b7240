/// Images: a file that grows, with the SHA-256 of what is in it.

import Crypto
import Foundation
import NIOCore
import Synchronization

/// Written by one download. Blocks; it is called on the file threads.
final class PartFile: Sendable {
  private let descriptor: Int32
  private let hasher = Mutex(SHA256())

  /// New and empty.
  init(creating path: String) throws(DiskTrouble) {
    descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw DiskTrouble() }
  }

  /// One of an earlier run, cut to `bytes`; they are read once for their hash.
  init(resuming path: String, bytes: Int) throws(DiskTrouble) {
    descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw DiskTrouble() }
    guard ftruncate(descriptor, off_t(bytes)) == 0 else { throw DiskTrouble() }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var position = 0
    while position < bytes {
      let count = pread(descriptor, &buffer, min(buffer.count, bytes - position), off_t(position))
      guard count > 0 else { throw DiskTrouble(count < 0 ? errno : EIO) }
      hasher.withLock { $0.update(data: buffer[..<count]) }
      position += count
    }
  }

  deinit {
    close(descriptor)
  }

  func append(_ piece: ByteBuffer, at position: Int) throws(DiskTrouble) {
    let trouble = piece.withUnsafeReadableBytes { write($0, at: position) }
    if let trouble { throw trouble }
    hasher.withLock { hasher in
      piece.withUnsafeReadableBytes { hasher.update(bufferPointer: $0) }
    }
  }

  func write(_ bytes: [UInt8], at position: Int) throws(DiskTrouble) {
    if let trouble = bytes.withUnsafeBytes({ write($0, at: position) }) { throw trouble }
  }

  private func write(_ bytes: UnsafeRawBufferPointer, at position: Int) -> DiskTrouble? {
    var done = 0
    while done < bytes.count, let start = bytes.baseAddress {
      let count = pwrite(descriptor, start + done, bytes.count - done, off_t(position + done))
      if count < 0 {
        if errno == EINTR { continue }
        return DiskTrouble()
      }
      // A disk that takes nothing is full.
      guard count > 0 else { return DiskTrouble(ENOSPC) }
      done += count
    }
    return nil
  }

  func synchronize() throws(DiskTrouble) {
    guard fsync(descriptor) == 0 else { throw DiskTrouble() }
  }

  /// Of all that was appended.
  var hash: SHA256 { hasher.withLock { $0 } }
}
