/// Lab: a command that ends by itself at once, such as `ip`, and what it said.

internal import FoundationEssentials
internal import Glibc

enum ShortCommand {
  /// Runs it, waits for it, answers its output; throws with that output when it fails.
  @discardableResult
  static func run(_ command: [String]) throws(LabError) -> String {
    let directory = FileManager.default.temporaryDirectory.path
    var template = Array("\(directory)/fino-lab-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      throw LabError("no temporary file: \(ChildProcess.systemError(errno))")
    }
    close(descriptor)
    let output = template.withUnsafeBufferPointer { buffer in
      String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    defer { unlink(output) }
    let child = try ChildProcess.start(command, output: output)
    let exit = child.waitUntilEnded()
    let text = child.outputText
    guard exit == .status(0) else {
      let said = text.split(separator: "\n").suffix(3).joined(separator: "; ")
      let line = command.joined(separator: " ")
      throw LabError("`\(line)` failed: \(said.isEmpty ? "\(exit)" : said)")
    }
    return text
  }
}
