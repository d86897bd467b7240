/// FinoBench: machines that boot together, and when each had everything.

import CLoad
import Foundation
import Lab

struct BootMachines {
  enum Step: UInt32, CaseIterable {
    case discover, request, loader, script, kernel, initrd
  }

  struct File {
    var name: String
    var content: [UInt8]
  }

  var count: Int
  var scriptPort: UInt16
  var loaders: [File]
  var kernel: File
  var initrd: File
  /// All are given up after so many seconds.
  var limit = 300.0

  struct Outcome {
    var finished = 0
    /// Where the last failure was.
    var failedStep: Step?
    /// Seconds, until the last machine had all.
    var seconds = 0.0
    /// When the last machine was through a step; seconds.
    var last: [Step: Double] = [:]
    var p50 = 0.0
    /// The share of the time in which the machines' thread worked.
    var busy = 0.0
    var script = ""
  }

  static func mac(_ number: Int) -> String { "02be" + String(format: "%08x", number) }

  func run(in process: Int32, server hardware: [UInt8]) throws -> Outcome {
    var plan = boot_plan()
    plan.pid = process
    withUnsafeMutableBytes(of: &plan.server_mac) { $0.copyBytes(from: hardware) }
    plan.server_address = BenchNetwork.serverNumber
    plan.script_port = scriptPort
    plan.image_port = 80
    plan.machines = UInt32(clamping: count)
    plan.seconds = limit
    // C keeps no copy, so all of it stays where it is until the end.
    var kept: [UnsafeMutableRawPointer?] = []
    defer { for memory in kept { free(memory) } }
    func keep(_ file: File) -> boot_content {
      let name = strdup(file.name)
      let bytes = malloc(max(1, file.content.count))
      file.content.withUnsafeBytes { source in
        if let bytes, let from = source.baseAddress { memcpy(bytes, from, source.count) }
      }
      kept += [name.map { UnsafeMutableRawPointer($0) }, bytes]
      return boot_content(
        name: name.map { UnsafePointer($0) },
        bytes: bytes.map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) },
        size: UInt64(file.content.count))
    }
    guard loaders.count == 2 else { throw LabError("machines need two boot programs") }
    plan.loaders = (keep(loaders[0]), keep(loaders[1]))
    plan.kernel = keep(kernel)
    plan.initrd = keep(initrd)

    var result = boot_result()
    let code = "eth0".withCString { interface in
      plan.interface = interface
      return boot_run(&plan, &result)
    }
    guard code == 0 else { throw LabError("the machines: \(String(cString: strerror(-code)))") }
    return Self.outcome(result)
  }

  private static func outcome(_ result: boot_result) -> Outcome {
    var outcome = Outcome(finished: Int(result.finished), seconds: Double(result.elapsed) / 1e9)
    if result.failed > 0 { outcome.failedStep = Step(rawValue: result.failed_step) }
    withUnsafeBytes(of: result.last) { bytes in
      for step in Step.allCases {
        let time = bytes.load(fromByteOffset: Int(step.rawValue) * 8, as: UInt64.self)
        outcome.last[step] = Double(time) / 1e9
      }
    }
    outcome.p50 = withUnsafeBytes(of: result.times) { LatencyBuckets($0) }.percentile(50)
    outcome.busy = Double(result.used) / Double(max(1, result.elapsed))
    outcome.script = withUnsafeBytes(of: result.script) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    return outcome
  }
}
