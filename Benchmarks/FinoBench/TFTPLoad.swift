/// FinoBench: many TFTP clients at once, and how long each transfer took.

import CLoad
import Foundation
import Lab

struct TFTPLoad {
  /// What is fetched: its name as the server knows it, and what must come.
  struct File {
    var name: String
    var content: [UInt8]
  }

  var file: File
  var clients: Int
  var window: Int
  var blockSize = 1456
  var seconds: Double
  /// No limit when 0.
  var transfers = 0
  /// Of a round trip; seconds.
  var delay = 0.0
  /// Share of the datagrams, in each direction.
  var loss = 0.0

  struct Outcome {
    var started = 0
    var finished = 0
    var silent = 0
    var refused = 0
    var wrong = 0
    /// What the server said when it refused last.
    var refusal = ""
    var bytes = 0.0
    var seconds = 0.0
    /// The share of the time in which the load had nothing to do.
    var idle = 0.0
    var repeats = 0
    var useless = 0
    var window = 0
    var blockSize = 0
    var slowest = 0.0
    var times: LatencyBuckets

    /// Bytes of all whole transfers, also of those that ended after the time.
    var delivered = 0.0

    var failed: Int { started - finished }
    var rate: Double { seconds > 0 ? bytes / seconds : 0 }
    var p50: Double { times.percentile(50) }
    var p99: Double { times.percentile(99) }
  }

  func run(on socket: Int32, server hardware: [UInt8]) throws -> Outcome {
    var plan = tftp_plan()
    plan.socket = socket
    withUnsafeMutableBytes(of: &plan.server_mac) { $0.copyBytes(from: hardware) }
    plan.server_port = 69
    plan.server_address = BenchNetwork.serverNumber
    plan.clients = UInt32(clamping: clients)
    plan.blksize = UInt16(clamping: blockSize)
    // A window of 1 is what clients without the option have.
    plan.windowsize = window > 1 ? UInt16(clamping: window) : 0
    plan.transfers = UInt64(clamping: transfers)
    plan.seconds = seconds
    plan.delay = UInt64(delay * 1e9)
    plan.loss = loss
    plan.seed = 1
    plan.size = UInt64(file.content.count)

    var result = tftp_result()
    let code = file.name.withCString { name in
      file.content.withUnsafeBufferPointer { content in
        plan.name = name
        plan.content = content.baseAddress
        return tftp_run(&plan, &result)
      }
    }
    guard code == 0 else { throw LabError("the TFTP load: \(String(cString: strerror(-code)))") }
    guard result.overflowed == 0 else {
      throw LabError("the cable had no room for \(result.overflowed) datagrams")
    }
    var outcome = Self.outcome(result)
    outcome.delivered = Double(outcome.finished * file.content.count)
    return outcome
  }

  private static func outcome(_ result: tftp_result) -> Outcome {
    let times = withUnsafeBytes(of: result.times) { LatencyBuckets($0) }
    let refusal = withUnsafeBytes(of: result.refusal) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    return Outcome(
      started: Int(result.started), finished: Int(result.finished), silent: Int(result.silent),
      refused: Int(result.refused), wrong: Int(result.wrong),
      refusal: refusal, bytes: Double(result.bytes),
      seconds: Double(result.elapsed) / 1e9,
      idle: Double(result.idle) / Double(max(1, result.elapsed)), repeats: Int(result.repeats),
      useless: Int(result.useless), window: Int(result.windowsize),
      blockSize: Int(result.blksize), slowest: Double(result.slowest) / 1e9, times: times,
      delivered: 0)
  }
}
