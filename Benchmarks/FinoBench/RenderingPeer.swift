/// FinoBench: Jinja2 on CPython, a process for each round.

import Foundation
import Lab

struct RenderingPeer {
  /// With the versions of both.
  let name: String

  private static let python = ProcessInfo.processInfo.environment["FINO_PYTHON"] ?? "python3"
  private static let script = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "jinja_peer.py").path

  init() throws {
    let said = try Self.run(["--version"])
    name = said.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Renders a second, and the text.
  func render(
    _ template: String, _ context: String, seconds: Double
  ) throws -> (rate: Double, text: [UInt8]) {
    let output = Self.temporaryFile()
    defer { try? FileManager.default.removeItem(atPath: output) }
    let said = try Self.run([template, context, String(seconds), output])
    let words = said.split(whereSeparator: \.isWhitespace)
    guard words.count == 2, let renders = Double(words[0]), let elapsed = Double(words[1]),
      elapsed > 0, let text = FileManager.default.contents(atPath: output)
    else { throw LabError("jinja_peer.py said: \(said)") }
    return (renders / elapsed, Array(text))
  }

  private static func run(_ arguments: [String]) throws -> String {
    let output = temporaryFile()
    defer { try? FileManager.default.removeItem(atPath: output) }
    let child = try ChildProcess.start([python, script] + arguments, output: output)
    while child.isRunning { usleep(5000) }
    guard child.ended == .status(0) else {
      throw LabError("\(python) \(script) failed: \(child.outputText)")
    }
    return child.outputText
  }

  private static func temporaryFile() -> String {
    FileManager.default.temporaryDirectory.appending(path: "fino-bench-\(UUID())").path
  }
}
