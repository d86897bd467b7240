/// Appliance: the log: a line each on standard error, the latest ones in memory for `/log`.

import Foundation
package import Logging
import Synchronization

/// The latest lines, oldest first.
package final class LogRing: Sendable {
  private let lines = Mutex<[String]>([])
  private let limit: Int

  package init(limit: Int = 500) {
    self.limit = limit
  }

  package var latest: [String] { lines.withLock { $0 } }

  func append(_ line: String) {
    lines.withLock { lines in
      lines.append(line)
      if lines.count > 2 * limit { lines.removeFirst(lines.count - limit) }
    }
  }
}

/// `2026-01-31T12:00:00.000Z info dhcp: text key=value`
package struct LineLogHandler: LogHandler {
  package var logLevel: Logger.Level = .info
  package var metadata: Logger.Metadata = [:]
  private let label: String
  private let ring: LogRing

  package init(label: String, ring: LogRing) {
    self.label = label
    self.ring = ring
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    let time = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    let extra = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
      .map { " \($0.key)=\($0.value)" }.joined()
    // A name that a client sent can't forge a line of its own.
    let line = "\(time) \(event.level) \(label): \(Self.oneLine("\(event.message)\(extra)"))"
    ring.append(line)
    StandardStream.error.write(line + "\n")
  }

  private static func oneLine(_ text: String) -> String {
    // The newlines of Unicode that are not ASCII begin with C2 (NEL) or E2 (line and paragraph).
    let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0xc2 && $0 != 0xe2 }
    return isPlain ? text : text.map { $0.isNewline ? " " : String($0) }.joined()
  }
}
