/// Power: one run of an executable, in a process group of its own, ended with all its children.

import Foundation
import Synchronization

/// What came of it.
struct CommandResult: Equatable, Sendable {
  enum End: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
    /// The time was over or the task cancelled; it was killed.
    case killed
  }

  var end: End
  /// The last line of the standard output that is not empty.
  var lastLine: String
  /// The last line of the standard error that is not empty.
  var complaint: String
}

/// Runs on a thread of its own, which looks at the pipes and at the clock.
struct CommandRun: Sendable {
  var argv: [String]
  var environment: [String: String]
  var input: [UInt8]
  /// A program may repeat what it was given: nothing that is told has it.
  var secret: HiddenText?

  func run(limit: Duration) async throws(DriverError) -> CommandResult {
    let stop = Atomic(false)
    let deadline = ContinuousClock.now + limit
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        Thread.detachNewThread { [self] in
          continuation.resume(
            returning: Result { () throws(DriverError) in
              try perform(until: deadline) { stop.load(ordering: .relaxed) }
            })
        }
      }
    } onCancel: {
      stop.store(true, ordering: .relaxed)
    }
    return try result.get()
  }

  private func perform(
    until deadline: ContinuousClock.Instant, isStopped: () -> Bool
  ) throws(DriverError) -> CommandResult {
    let child = try ChildProcess(argv, environment)
    defer { child.closeAll() }
    var input = input[...]
    var output = KeptOutput()
    var complaint = KeptOutput()
    if input.isEmpty { child.closeInput() }
    var status: Int32?
    while status == nil, !isStopped(), ContinuousClock.now < deadline {
      child.wait(milliseconds: 50)
      child.feed(&input)
      child.read(.output, into: &output)
      child.read(.complaint, into: &complaint)
      status = child.reap()
    }
    if status == nil { child.kill() }
    // What it wrote last. A grandchild that keeps the pipes open is not waited for.
    child.read(.output, into: &output)
    child.read(.complaint, into: &complaint)
    return CommandResult(
      end: status.map(Self.end) ?? .killed, lastLine: lastLine(output),
      complaint: lastLine(complaint))
  }

  /// As wait(2) gives it.
  private static func end(_ status: Int32) -> CommandResult.End {
    status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .signalled(status & 0x7f)
  }

  /// The secret is taken out before anything is cut: a part of it would not be found any more.
  func lastLine(_ output: KeptOutput) -> String {
    let text = String(decoding: output.cleared(of: secret), as: UTF8.self)
    let line = text.split(whereSeparator: \.isNewline).last { !$0.allSatisfy(\.isWhitespace) }
    return String(line ?? "").oneLine(limit: 200)
  }
}
