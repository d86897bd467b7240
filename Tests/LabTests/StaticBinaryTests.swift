/// LabTests: the executable is one file that needs nothing.

import Foundation
import Lab
import Testing

@Suite struct StaticBinaryTests {
  private func run(_ command: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }

  @Test func fileSaysThatItIsStaticallyLinked() throws {
    let answer = try run(["file", "-L", RehearsalLab.binary])
    #expect(answer.output.contains("statically linked"), "\(answer.output)")
  }

  /// A mount namespace of its own: /proc is gone with the process.
  @Test func itRunsInAnEmptyDirectoryWithOnlyProc() throws {
    let root = NSTemporaryDirectory() + "fino-chroot-\(ProcessInfo.processInfo.processIdentifier)"
    try FileManager.default.createDirectory(
      atPath: root + "/proc", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: root) }
    let script = """
      mount -t proc proc "$1/proc" && touch "$1/fino" && mount --bind "$2" "$1/fino" &&
      chroot "$1" /fino version && chroot "$1" /fino check --interface lo
      """
    let answer = try run([
      "unshare", "--mount", "sh", "-c", script, "sh", root, RehearsalLab.binary,
    ])
    #expect(answer.status == 0, "\(answer.output)")
    #expect(answer.output.hasPrefix("fino "))
    #expect(answer.output.contains("The configuration is good."))
  }
}
