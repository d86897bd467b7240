/// fino: how answers of BMCs are printed.

import ArgumentParser
import Datagram
import Foundation
import IPMI
import Power

/// The report's own fields, and whose they are.
private struct BMCAnswer<Report: BMCReport>: Encodable {
  enum Key: String, CodingKey { case target, error }

  var target: String
  var result: Result<Report, IPMIError>

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(target, forKey: .target)
    switch result {
    case .success(let report): try report.encode(to: encoder)
    case .failure(let error): try container.encode("\(error)", forKey: .error)
    }
  }
}

extension BMCOptions {
  /// Asks all of them at a time, as far as --fanout allows, and prints each answer as it comes; fails
  /// when one failed.
  func ask<Report: BMCReport>(
    _ work: @escaping @Sendable (BMCSession) async throws(IPMIError) -> Report
  ) async throws {
    let (login, addresses) = try prepare()
    let loop = try DatagramLoop(name: "fino-ipmi")
    defer { loop.shutdown() }
    let client = IPMIClient(loop: loop, login: login)
    let limit = Duration.seconds(timeLimit)
    let line = ProgressLine()
    var failed = 0
    var answered = 0
    await FanOut.run(addresses, fanout: fanout) { address -> Result<Report, IPMIError> in
      do throws(IPMIError) {
        return .success(try await client.withSession(to: address, limit: limit, work))
      } catch {
        return .failure(error)
      }
    } tell: { address, result in
      line.hide()
      if case .failure = result { failed += 1 }
      answered += 1
      show(BMCAnswer(target: "\(address)", result: result), isAlone: addresses.count == 1)
      if answered < addresses.count {
        line.show(
          "\(answered) of \(addresses.count)" + (failed > 0 ? ", \(failed) failed" : ""))
      }
    }
    if !output.json, addresses.count > 1 {
      print("\(answered - failed) answered" + (failed > 0 ? ", \(failed) failed" : ""))
    }
    if failed > 0 { throw ExitCode(1) }
  }

  private func show<Report: BMCReport>(_ answer: BMCAnswer<Report>, isAlone: Bool) {
    if output.json {
      try? JSONLine.print(answer)
      return
    }
    switch answer.result {
    case .success(let report):
      for line in report.lines { print(isAlone ? line : "\(answer.target): \(line)") }
    case .failure(let error): Fino.complain("\(answer.target): \(error)")
    }
  }
}
