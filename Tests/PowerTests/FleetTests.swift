/// Tests of Power: one request to many machines.

import IPMI
import Synchronization
import Testing

@testable import Power

@Suite struct FleetTests {
  /// Answers after the others that were asked with it; counts how many are asked at a time.
  private struct Machine: PowerDriver {
    static let name = "test"
    final class Crowd: Sendable {
      let now = Mutex((present: 0, most: 0))
    }

    var number: Int
    var crowd: Crowd
    var target: String { "m\(number)" }
    var queueKey: String { target }

    func perform(
      _ request: PowerRequest, limit: Duration
    ) async throws(PowerError) -> PowerOutcome {
      crowd.now.withLock {
        $0.present += 1
        $0.most = max($0.most, $0.present)
      }
      defer { crowd.now.withLock { $0.present -= 1 } }
      for _ in 0..<20 { await Task.yield() }
      guard number % 5 != 4 else { throw PowerError(target: target, cause: .cancelled) }
      return PowerOutcome(
        target: target, driver: Self.name, request: request, before: number % 2 == 0 ? .on : .off,
        text: "")
    }
  }

  @Test(arguments: [1, 7, 64, 1000])
  func everyoneIsAskedAndTheCrowdIsBounded(_ fanout: Int) async {
    let crowd = Machine.Crowd()
    let fleet = Fleet((0..<100).map { Machine(number: $0, crowd: crowd) }, fanout: fanout)
    var told: [String] = []
    let summary = await fleet.perform(.status, limit: .seconds(1)) { result, summary in
      switch result {
      case .success(let outcome): told.append(outcome.target)
      case .failure(let error): told.append(error.target)
      }
      #expect(summary.answered + summary.failed == told.count)
    }
    #expect(Set(told).count == 100)
    #expect(summary.states == [.on: 40, .off: 40] && summary.failed == 20)
    #expect(summary.sentence == "40 on, 40 off, 20 failed")
    #expect(summary.progress == "100 of 100, 20 failed")
    #expect(crowd.now.withLock(\.most) <= fanout)
  }

  @Test func nobody() async {
    let summary = await Fleet([], fanout: 4).perform(.status, limit: .seconds(1)) { _, _ in }
    #expect(summary.sentence == "nothing was asked")
  }
}
