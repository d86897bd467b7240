/// Images: an image that is open for sending.

import Foundation
package import NIOCore

/// An open file. Its size and entity tag are those of the open file itself, so that a file that is
/// replaced meanwhile (by a rename) never mixes with the old one, which is sent to its end.
package final class OpenImage: Sendable {
  package let file: ImageFile
  /// Valid as long as this object lives.
  package let descriptor: Int32
  /// Of the file, for the header.
  package let lastModified: String
  private let status: FileStatus

  /// nil when it is no longer there or no longer a regular file.
  package init?(_ file: ImageFile) {
    let descriptor = open(file.path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard descriptor >= 0, let status = FileStatus(descriptor: descriptor), status.kind == .regular
    else {
      if descriptor >= 0 { close(descriptor) }
      return nil
    }
    self.descriptor = descriptor
    self.file = ImageFile(path: file.path, status: status)
    self.status = status
    lastModified = HTTPDate(status.modified).description
  }

  /// Whether its path still leads to this very file, unchanged. Costs one question to the kernel,
  /// where finding it through the library costs one for each folder on the way.
  package var isCurrent: Bool { FileStatus(path: file.path) == status }

  /// Exactly `range`; nil when the file has them no more. For small parts: it blocks.
  package func bytes(in range: Range<Int>) -> ByteBuffer? {
    var buffer = ByteBufferAllocator().buffer(capacity: range.count)
    while buffer.readableBytes < range.count {
      let (done, descriptor) = (buffer.readableBytes, descriptor)
      let got = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: range.count - done) {
        max(0, pread(descriptor, $0.baseAddress, range.count - done, range.lowerBound + done))
      }
      guard got > 0 else { return nil }
    }
    return buffer
  }

  /// Bytes, as it is now: somebody may cut the file while it goes out.
  package var currentSize: Int {
    FileStatus(descriptor: descriptor)?.size ?? 0
  }

  deinit {
    close(descriptor)
  }
}
