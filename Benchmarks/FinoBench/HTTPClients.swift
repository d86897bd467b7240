/// FinoBench: many HTTP clients at once, and what became of their requests.

import CLoad
import Foundation
import Lab

struct HTTPClients: Sendable {
  enum Doing: Sendable {
    /// Ask, read, ask again.
    case fetch
    /// Ask once, and read slowly.
    case read(bytesPerSecond: Int)
    /// Send a byte a second of a head that never ends.
    case halfHead
  }

  var doing = Doing.fetch
  var server = BenchNetwork.serverNumber
  var port: UInt16
  /// Of each connection in turn; `%m` is a MAC address, see `machines`.
  var paths: [String]
  var connections = 1
  var seconds: Double
  /// No limit when 0.
  var requests = 0
  /// Different MAC addresses.
  var machines = 0
  /// Bytes of a range at a random offset of a file of `fileSize`; all of it when 0.
  var range = 0
  var fileSize = 0
  /// Every byte is looked at; else the kernel drops them.
  var verify = false
  /// A connection for each request.
  var oneEach = false
  var receiveBuffer = 4 << 20

  struct Outcome: Sendable {
    var asked = 0
    var answered = 0
    var bytes = 0.0
    var refused = 0
    var broken = 0
    var wrong = 0
    /// The last one that was neither 200 nor 206.
    var status = 0
    var seconds = 0.0
    /// The share of the time in which the clients' thread worked.
    var busy = 0.0
    var first: LatencyBuckets
    var latency: LatencyBuckets
    /// Seconds to the first byte of a body, and to the last.
    var slowestFirst = 0.0
    var slowest = 0.0
    /// The last body of the first client, up to 4 KiB of it.
    var sample: [UInt8] = []

    var answerRate: Double { seconds > 0 ? Double(answered) / seconds : 0 }
    var byteRate: Double { seconds > 0 ? bytes / seconds : 0 }
  }

  /// Asks until the seconds or the requests are over, in the namespace of `process`. `stop` and
  /// `started` are descriptors, or -1; see `http_plan`.
  func run(in process: Int32, stop: Int32 = -1, started: Int32 = -1) throws(LabError) -> Outcome {
    var plan = http_plan()
    plan.pid = process
    plan.server_address = server
    plan.first_address = BenchNetwork.firstClient
    plan.addresses = UInt32(clamping: connections)
    plan.server_port = port
    switch doing {
    case .fetch: plan.kind = Int32(HTTP_FETCH)
    case .read(let pace):
      plan.kind = Int32(HTTP_SLOW)
      plan.pace = UInt64(clamping: pace)
    case .halfHead:
      plan.kind = Int32(HTTP_HALF_HEAD)
      plan.pace = 1
    }
    plan.connections = UInt32(clamping: connections)
    plan.machines = UInt32(clamping: machines)
    plan.range = UInt64(clamping: range)
    plan.file_size = UInt64(clamping: fileSize)
    plan.requests = UInt64(clamping: requests)
    plan.seconds = seconds
    plan.seed = 1
    plan.verify = verify ? 1 : 0
    plan.one_each = oneEach ? 1 : 0
    plan.receive_buffer = Int32(clamping: receiveBuffer)
    plan.stop = stop
    plan.started = started

    let texts = paths.map { strdup($0) }
    defer { for text in texts { free(text) } }
    plan.path_count = UInt32(clamping: texts.count)
    withUnsafeMutableBytes(of: &plan.paths) { bytes in
      let places = bytes.bindMemory(to: UnsafePointer<CChar>?.self)
      for (index, text) in texts.enumerated() where index < places.count {
        places[index] = UnsafePointer(text)
      }
    }
    var result = http_result()
    let code = http_run(&plan, &result)
    guard code == 0 else {
      throw LabError(
        "the clients of \(paths.first ?? ""), port \(port): \(String(cString: strerror(-code)))")
    }
    return Outcome(result)
  }
}

extension HTTPClients.Outcome {
  init(_ result: http_result) {
    first = withUnsafeBytes(of: result.first) { LatencyBuckets($0) }
    latency = withUnsafeBytes(of: result.latency) { LatencyBuckets($0) }
    asked = Int(clamping: result.asked)
    answered = Int(clamping: result.answered)
    bytes = Double(result.bytes)
    refused = Int(clamping: result.refused)
    broken = Int(clamping: result.broken)
    wrong = Int(clamping: result.wrong)
    status = Int(result.status)
    seconds = Double(result.elapsed) / 1e9
    busy = result.elapsed > 0 ? Double(result.busy) / Double(result.elapsed) : 0
    slowestFirst = Double(result.slowest_first) / 1e9
    slowest = Double(result.slowest) / 1e9
    sample = withUnsafeBytes(of: result.sample) { Array($0.prefix(result.sample_length)) }
  }

  /// Every answer was whole, right, and what was asked for.
  func check(_ who: String) throws(LabError) {
    guard refused == 0, broken == 0, wrong == 0, bytes > 0 else {
      throw LabError(
        "\(who): of \(asked) requests \(answered) were answered, \(refused) refused (status \(status)), \(broken) broke, \(wrong) had wrong bytes"
      )
    }
  }
}
