/// TFTP: a file that is open for reading.

import Glibc

/// Owns the descriptor. A file that is replaced by another of the same name stays what it was.
final class OpenFile: Sendable {
  /// Changes whenever the file does.
  struct Version: Equatable, Sendable {
    var size: Int
    var modified: Time
    var changed: Time
    var inode: UInt64
    var device: UInt64

    struct Time: Equatable, Sendable {
      var seconds: Int
      var nanoseconds: Int
    }
  }

  private let descriptor: Int32

  /// Takes the descriptor.
  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  /// As it is now; nil for anything but a regular file.
  var version: Version? {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let size = Int(exactly: status.st_size), size >= 0
    else { return nil }
    return Version(
      size: size,
      modified: .init(seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec),
      changed: .init(seconds: status.st_ctim.tv_sec, nanoseconds: status.st_ctim.tv_nsec),
      inode: UInt64(status.st_ino), device: UInt64(status.st_dev))
  }

  /// nil when there are fewer bytes. May wait for the disk.
  func read(at offset: Int, count size: Int) -> [UInt8]? {
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size, let base = buffer.baseAddress {
        let result = pread(descriptor, base + count, size - count, off_t(offset + count))
        if result < 0, errno == EINTR { continue }
        if result <= 0 { break }
        count += result
      }
    }
    return bytes.count == size ? bytes : nil
  }
}
