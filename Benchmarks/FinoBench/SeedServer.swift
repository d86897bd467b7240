/// FinoBench: the web application that Fino replaces: Flask behind gunicorn, two workers.

import Foundation
import Lab

struct SeedServer {
  /// With the versions of both.
  let name: String

  private static let python = ProcessInfo.processInfo.environment["FINO_PYTHON"] ?? "python3"
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().path
  static let port: UInt16 = 8000

  init(work: String) throws {
    let output = "\(work)/seed-version.log"
    let child = try ChildProcess.start(
      [Self.python, "\(Self.folder)/seed_script.py", "--version"], output: output)
    while child.isRunning { usleep(5000) }
    guard child.ended == .status(0) else {
      throw LabError("\(Self.python) has no Flask or gunicorn: \(child.outputText)")
    }
    name = child.outputText.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Serves `script`, a Jinja2 template, to every machine that is to boot from its disk.
  func start(
    script: [UInt8], _ network: BenchNetwork, work: String, pinned: Bool
  ) throws -> WebServer {
    let templates = "\(work)/templates"
    try FileManager.default.createDirectory(atPath: templates, withIntermediateDirectories: true)
    try Data(script).write(to: URL(filePath: "\(templates)/boot.pxe"))
    return try WebServer(
      [
        "env", "SEED_TEMPLATES=\(templates)", Self.python, "-m", "gunicorn", "--workers", "2",
        "--bind", "0.0.0.0:\(Self.port)", "--chdir", Self.folder, "seed_script:app",
      ], port: Self.port, at: .server, network, pinned: pinned, output: "\(work)/seed.log")
  }
}
