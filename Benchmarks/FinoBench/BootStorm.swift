/// FinoBench: many boot clients at once, and what became of their questions.

import CLoad
import Foundation
import Lab

struct BootStorm {
  enum Question: UInt32, CaseIterable {
    case discover, request, inform

    var title: String { "\(self)".uppercased() }
  }

  enum Pace {
    /// So many questions always wait for their answer.
    case outstanding(Int)
    /// Questions a second, whatever the server does.
    case rate(Double)
  }

  enum Noise {
    case none
    case rate(Double)
    case endless
  }

  var pace: Pace
  var seconds: Double
  var questions = Question.allCases
  var clients = 100_000
  var firstClient = 0
  /// No limit when 0.
  var total = 0
  var noise = Noise.none

  struct Outcome {
    var sent: [Question: Int] = [:]
    var answered: [Question: Int] = [:]
    var unmatched = 0
    var noise = 0
    var seconds = 0.0
    /// Seconds: half of the answers, 99 % of them, and the slowest.
    var p50 = Double.nan
    var p99 = Double.nan
    var slowest = 0.0
    /// How far the generator itself was behind its schedule at worst; seconds.
    var late = 0.0

    var asked: Int { sent.values.reduce(0, +) }
    var answers: Int { answered.values.reduce(0, +) }
    var lost: Int { asked - answers }
    var rate: Double { seconds > 0 ? Double(answers) / seconds : 0 }
  }

  func run(on socket: Int32, server hardware: [UInt8]) throws -> Outcome {
    var plan = load_plan()
    plan.socket = socket
    withUnsafeMutableBytes(of: &plan.server_mac) { $0.copyBytes(from: hardware) }
    plan.server_address = BenchNetwork.serverNumber
    plan.clients = UInt32(clamping: clients)
    plan.first_client = UInt32(clamping: firstClient)
    plan.kinds = questions.reduce(0) { $0 | 1 << $1.rawValue }
    switch pace {
    case .outstanding(let count): plan.window = UInt32(clamping: count)
    case .rate(let rate): plan.rate = UInt32(max(1, rate))
    }
    switch noise {
    case .none: break
    case .rate(let rate): plan.noise_rate = UInt32(max(1, rate))
    case .endless: plan.noise_rate = .max
    }
    plan.questions = UInt64(clamping: total)
    plan.seconds = seconds
    plan.seed = 1

    var result = load_result()
    let code = load_run(&plan, &result)
    guard code == 0 else { throw LabError("the load: \(String(cString: strerror(-code)))") }
    return Self.outcome(result)
  }

  private static func outcome(_ result: load_result) -> Outcome {
    var outcome = Outcome()
    withUnsafeBytes(of: result.sent) { sent in
      withUnsafeBytes(of: result.answered) { answered in
        for question in Question.allCases {
          let place = Int(question.rawValue) * 8
          outcome.sent[question] = Int(sent.load(fromByteOffset: place, as: UInt64.self))
          outcome.answered[question] = Int(answered.load(fromByteOffset: place, as: UInt64.self))
        }
      }
    }
    outcome.unmatched = Int(result.unmatched)
    outcome.noise = Int(result.noise)
    outcome.seconds = Double(result.elapsed) / 1e9
    outcome.slowest = Double(result.slowest) / 1e9
    outcome.late = Double(result.late) / 1e9
    let latency = withUnsafeBytes(of: result.latency) { LatencyBuckets($0) }
    outcome.p50 = latency.percentile(50)
    outcome.p99 = latency.percentile(99)
    return outcome
  }
}
