/// NetworkLab: programs that run beside a test.

import Foundation
import Glibc
import Synchronization

/// A program that runs until nobody holds it; its output is kept for messages.
package final class Daemon: Sendable {
  private let process: pid_t
  private let outputPath: String
  private let folder = Mutex<String?>(nil)

  init(_ command: [String]) throws(LabFailure) {
    outputPath = Command.temporaryPath("daemon")
    process = try Command.spawn(command, output: outputPath)
  }

  /// What it wrote until now, both streams.
  package var output: String {
    (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? ""
  }

  package var isRunning: Bool { kill(process, 0) == 0 && waitpid(process, nil, WNOHANG) == 0 }

  /// Waits until it wrote `text`, ten seconds at most.
  package func wrote(_ text: String) async throws {
    for _ in 0..<200 {
      if output.contains(text) { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw LabFailure("it never wrote «\(text)», but: \(output.suffix(2000))")
  }

  /// A folder of its own, deleted with it.
  func keep(_ path: String) {
    folder.withLock { $0 = path }
  }

  deinit {
    if isRunning {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    unlink(outputPath)
    if let path = folder.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
  }
}

/// A command that ends by itself at once.
enum Command {
  @discardableResult
  static func run(_ command: String...) throws(LabFailure) -> String {
    try run(command)
  }

  @discardableResult
  static func run(_ command: [String]) throws(LabFailure) -> String {
    let path = temporaryPath("command")
    defer { unlink(path) }
    let process = try spawn(command, output: path)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    let output = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    guard status == 0 else {
      throw LabFailure("`\(command.joined(separator: " "))` failed: \(output)")
    }
    return output
  }

  static func temporaryPath(_ kind: String) -> String {
    "\(FileManager.default.temporaryDirectory.path)/fino-\(kind)-\(UUID().uuidString)"
  }

  /// `posix_spawn`: Foundation's Process answers its ends on a run loop, which tests don't have.
  static func spawn(_ command: [String], output: String) throws(LabFailure) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var arguments = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    let result = posix_spawnp(&process, command[0], &actions, nil, &arguments, environ)
    guard result == 0 else { throw LabFailure("cannot start \(command[0]): \(result)") }
    return process
  }
}
