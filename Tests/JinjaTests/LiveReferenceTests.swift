/// JinjaTests: real Jinja2 again, where this machine has it.

import Fixtures
import Foundation
import Testing

@testable import Jinja

@Suite struct LiveReferenceTests {
  private static let folder = URL(filePath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/jinja")

  /// FINO_PYTHON names a Python that has Jinja2 3.1; else `python3` is tried.
  private static let python = ProcessInfo.processInfo.environment["FINO_PYTHON"] ?? "python3"

  private static func run(_ arguments: [String]) throws -> (status: Int32, output: Data) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [python] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, output)
  }

  private static let hasJinja2: Bool = {
    let check = "import jinja2, sys; sys.exit(not jinja2.__version__.startswith('3.1.'))"
    return (try? run(["-c", check]))?.status == 0
  }()

  @Test(.enabled(if: hasJinja2, "python3 with Jinja2 3.1 is not here"))
  func `Jinja2 answers as recorded, and we answer new cases as it does`() throws {
    let script = Self.folder.appending(path: "reference.py").path
    let (status, output) = try Self.run([script, "live", "7031", "3000"])
    #expect(status == 0)
    var answers: [ReferenceCase] = []
    for line in output.split(separator: UInt8(ascii: "\n")) {
      answers.append(try ReferenceCase(json: String(decoding: line, as: UTF8.self)))
    }
    var recorded: [ReferenceCase] = []
    for section in try ReferenceCase.sections() {
      recorded += try ReferenceCase.all(in: section)
    }
    try #require(answers.count == recorded.count + 3000)
    for (answer, record) in zip(answers, recorded) where answer.template == record.template {
      #expect(
        answer.output == record.output && answer.error == record.error,
        "Jinja2 answers otherwise than recorded: \(record.template)")
    }
    let known = try KnownDifference.all()
    for answer in answers.dropFirst(recorded.count) {
      guard let difference = answer.difference else { continue }
      if !known.contains(where: { $0.covers(answer.template) }) { Issue.record("\(difference)") }
    }
  }
}
