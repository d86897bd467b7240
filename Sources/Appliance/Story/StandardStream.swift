/// Appliance: writing to standard output and standard error, whoever reads there.

import Foundation

/// At once, without a buffer. FileHandle traps when the reader is gone or the disk is full; a log
/// must not stop an appliance.
package enum StandardStream {
  case output
  case error

  /// False when it could not be written, as when the reader of a pipe has gone.
  @discardableResult
  package func write(_ text: String) -> Bool { write(Array(text.utf8)) }

  @discardableResult
  package func write(_ bytes: [UInt8]) -> Bool {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes {
        Foundation.write(self == .output ? STDOUT_FILENO : STDERR_FILENO, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      bytes = bytes.dropFirst(count)
    }
    return true
  }
}
