/// PowerTests: a program of somebody else, run for one test.

import Foundation
import NIOCore
import NIOPosix

/// Killed when nobody holds it any more.
final class RunningProgram: Sendable {
  private let process: Process
  let folder: URL

  init(_ executable: String, _ arguments: [String], in folder: URL) throws {
    self.folder = folder
    process = Process()
    process.executableURL = URL(filePath: executable)
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    let log = folder.appending(path: "program.log").path
    _ = FileManager.default.createFile(atPath: log, contents: nil)
    process.standardOutput = FileHandle(forWritingAtPath: log)
    process.standardError = process.standardOutput
    try process.run()
  }

  deinit {
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    try? FileManager.default.removeItem(at: folder)
  }

  var log: String {
    (try? String(contentsOf: folder.appending(path: "program.log"), encoding: .utf8)) ?? ""
  }

  static func makeFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "fino-power-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  /// The output, and the exit status.
  static func output(_ executable: String, _ arguments: [String]) throws -> (String, Int32) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: executable)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (String(decoding: output, as: UTF8.self), process.terminationStatus)
  }

  /// A file beside the Python that FINO_PYTHON names, if it is there.
  static func beside(python name: String) -> String? {
    guard let python = ProcessInfo.processInfo.environment["FINO_PYTHON"], python.contains("/")
    else { return nil }
    let file = URL(filePath: python).deletingLastPathComponent().appending(path: name).path
    return FileManager.default.isExecutableFile(atPath: file) ? file : nil
  }

  /// One that was free a moment ago.
  static func freePort() async throws -> Int {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    let port = channel.localAddress?.port ?? 0
    try await channel.close()
    return port
  }
}
