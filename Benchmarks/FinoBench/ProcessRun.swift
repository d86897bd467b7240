/// FinoBench: one run of a program to its end, and what it took.

import Foundation
import Lab

struct ProcessRun {
  /// Wall time.
  var seconds: Double
  /// Seconds of all its threads, in user space and in the kernel.
  var processor: Double
  /// Resident memory at its highest, as far as was seen: it is looked at every millisecond. Bytes.
  var highest = 0.0

  /// Throws when it fails. Nothing else may be started meanwhile.
  init(_ command: [String], output: String = "/dev/null") throws {
    let before = Self.ofChildren
    let start = ContinuousClock.now
    let process = try ChildProcess.start(command, output: output)
    while process.isRunning {
      let now = ProcessUse(process.processID).highest
      if now.isFinite { highest = max(highest, now) }
      usleep(1000)
    }
    seconds = start.duration(to: .now).inSeconds
    processor = Self.ofChildren - before
    guard process.ended == .status(0) else {
      throw LabError("\(command.joined(separator: " ")) failed: \(process.ended as Any)")
    }
  }

  /// Processor time of all children that have ended, and of theirs.
  private static var ofChildren: Double {
    var use = rusage()
    getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &use)
    return [use.ru_utime, use.ru_stime].reduce(0) {
      $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
    }
  }

  struct Medians {
    var seconds: Double
    var processor: Double
    var highest: Double

    init(_ runs: [ProcessRun]) {
      seconds = Sample(runs.map(\.seconds)).median
      processor = Sample(runs.map(\.processor)).median
      highest = Sample(runs.map(\.highest)).median
    }
  }
}
