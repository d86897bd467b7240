/// fino: a terminal whose keys come at once and unchanged, until it is put back.

import Foundation
import Glibc

/// Where standard input is no terminal it is read as it is.
struct RawTerminal {
  private let before: termios?

  init() {
    var now = termios()
    guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &now) == 0 else {
      before = nil
      return
    }
    before = now
    cfmakeraw(&now)
    tcsetattr(STDIN_FILENO, TCSADRAIN, &now)
  }

  func restore() {
    guard var before else { return }
    tcsetattr(STDIN_FILENO, TCSADRAIN, &before)
  }

  /// On a thread of its own, for as long as the process lives.
  func read(_ bytes: @escaping @Sendable ([UInt8]) -> Void) {
    Thread.detachNewThread {
      var buffer = [UInt8](repeating: 0, count: 256)
      while true {
        let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
        guard count > 0 else { break }
        bytes(Array(buffer.prefix(count)))
      }
    }
  }

  /// All of it, or as much as somebody reads.
  static func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
