/// fino: a line on the terminal that says how far a long work is.

import Appliance
import Foundation

/// On standard error, only where that is a terminal; results go to standard output past it.
struct ProgressLine {
  private let isTerminal = isatty(2) == 1

  /// Writes over the line before.
  func show(_ text: String) {
    if isTerminal { StandardStream.error.write("\r\u{1b}[K\(text)") }
  }

  func hide() { show("") }
}
