/// Lab: what a virtual machine says on its serial console.

internal import FoundationEssentials

/// One file over all power cycles of the machine.
package struct SerialConsole: Sendable {
  package struct Line: Equatable, Sendable {
    package var text: String
    /// Where the next line begins: give it as `after` to look on from here.
    package var end: Int
  }

  package let file: String

  package init(file: String) {
    self.file = file
  }

  private var bytes: [UInt8] { Array(FileManager.default.contents(atPath: file) ?? Data()) }

  /// The end of what has been said so far: give it as `after` to hear only what comes from now on.
  package var end: Int { bytes.count }

  /// The complete lines since `start`, without escape sequences.
  package func lines(after start: Int = 0) -> [Line] {
    Self.lines(of: bytes, after: start)
  }

  /// Waits for a line that `matches`.
  package func waitForLine(
    after start: Int = 0, timeout: Duration, matching matches: (String) -> Bool
  ) async throws(LabError) -> Line {
    let deadline = ContinuousClock.now + timeout
    var position = start
    while true {
      let fresh = lines(after: position)
      if let line = fresh.first(where: { matches($0.text) }) { return line }
      position = fresh.last?.end ?? position
      guard ContinuousClock.now < deadline, (try? await Task.sleep(for: .milliseconds(50))) != nil
      else { break }
    }
    let last = lines(after: start).suffix(5).map(\.text).joined(separator: " | ")
    throw LabError("the console \(file) did not say it within \(timeout); it said last: \(last)")
  }

  /// Waits for a line that has `text` in it.
  package func waitForLine(
    containing text: String, after start: Int = 0, timeout: Duration
  ) async throws(LabError) -> Line {
    do {
      return try await waitForLine(after: start, timeout: timeout) { $0.contains(text) }
    } catch {
      throw LabError("no \"\(text)\": \(error)")
    }
  }

  /// A line ends with CR or LF; empty ones are left out. Firmware moves the cursor by ECMA-48
  /// control sequences (ESC [ … letter), which also end a line of text when they begin a new one.
  package static func lines(of bytes: [UInt8], after start: Int = 0) -> [Line] {
    var lines: [Line] = []
    var text: [UInt8] = []
    var escape: [UInt8]?
    func finish(_ index: Int) {
      let line = String(decoding: text, as: UTF8.self).trimmingSpaces
      if !line.isEmpty { lines.append(Line(text: line, end: index + 1)) }
      text = []
    }
    for index in max(0, start)..<max(bytes.count, max(0, start)) {
      let byte = bytes[index]
      if var sequence = escape {
        sequence.append(byte)
        let isOpen = sequence.count == 1 ? byte == 0x5b : !(0x40...0x7e).contains(byte)
        escape = isOpen ? sequence : nil
        // H places the cursor, J clears the screen.
        if !isOpen, sequence.count > 1, byte == 0x48 || byte == 0x4a { finish(index) }
      } else if byte == 0x1b {
        escape = []
      } else if byte == 0x0a || byte == 0x0d {
        finish(index)
      } else if byte >= 0x20 || byte == 0x09 {
        text.append(byte)
      }
    }
    return lines
  }
}

extension String {
  fileprivate var trimmingSpaces: String {
    var text = self[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
