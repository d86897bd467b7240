/// Images: an image that is open for sending.

import Foundation

/// An open file. Its size and entity tag are those of the open file itself, so that a file that is
/// replaced meanwhile (by a rename) never mixes with the old one, which is sent to its end.
package final class OpenImage: Sendable {
  package let file: ImageFile
  /// Valid as long as this object lives.
  package let descriptor: Int32

  /// nil when it is no longer there or no longer a regular file.
  package init?(_ file: ImageFile) {
    descriptor = open(file.path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    guard descriptor >= 0, let status = FileStatus(descriptor: descriptor), status.kind == .regular
    else {
      if descriptor >= 0 { close(descriptor) }
      return nil
    }
    self.file = ImageFile(path: file.path, status: status)
  }

  /// Bytes, as it is now: somebody may cut the file while it goes out.
  package var currentSize: Int {
    FileStatus(descriptor: descriptor)?.size ?? 0
  }

  deinit {
    close(descriptor)
  }
}
