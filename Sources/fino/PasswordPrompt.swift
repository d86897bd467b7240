/// fino: asks for a password on the terminal.

import Appliance
import Foundation
import IPMI

enum PasswordPrompt {
  /// From the terminal even where standard input is a file; nil where there is no terminal. What is
  /// typed is not shown.
  static func ask(_ question: String) -> Secret? {
    let terminal = open("/dev/tty", O_RDWR)
    guard terminal >= 0 else { return nil }
    defer { close(terminal) }
    var before = termios()
    guard tcgetattr(terminal, &before) == 0 else { return nil }
    var silent = before
    silent.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(terminal, TCSAFLUSH, &silent)
    defer { tcsetattr(terminal, TCSAFLUSH, &before) }
    StandardStream.error.write(question)
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while bytes.count < 256, read(terminal, &byte, 1) == 1, byte != UInt8(ascii: "\n") {
      bytes.append(byte)
    }
    StandardStream.error.write("\n")
    return Secret(bytes: bytes)
  }
}
