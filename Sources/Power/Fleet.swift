/// Power: one request to many machines.

package import IPMI

/// Their answers as they come, with a bound on how many are asked at a time.
package struct Fleet: Sendable {
  package var drivers: [any PowerDriver]
  /// Machines that are asked at a time.
  package var fanout: Int

  package init(_ drivers: [any PowerDriver], fanout: Int) {
    self.drivers = drivers
    self.fanout = max(1, fanout)
  }

  /// How many said what.
  package struct Summary: Equatable, Sendable {
    package var total: Int
    package var answered = 0
    package var failed = 0
    /// By the state that was seen last; those of which none was seen are not in it.
    package var states: [PowerState: Int] = [:]

    package init(total: Int) { self.total = total }

    package mutating func note(_ result: Result<PowerOutcome, PowerError>) {
      switch result {
      case .success(let outcome):
        answered += 1
        if let state = outcome.after ?? outcome.before { states[state, default: 0] += 1 }
      case .failure: failed += 1
      }
    }

    /// `247 on, 2 off, 1 failed`
    package var sentence: String {
      let seen = states.sorted { "\($0.key)" > "\($1.key)" }.map { "\($0.value) \($0.key)" }
      let unseen = answered - states.values.reduce(0, +)
      let parts =
        seen + (unseen > 0 ? ["\(unseen) done"] : []) + (failed > 0 ? ["\(failed) failed"] : [])
      return parts.isEmpty ? "nothing was asked" : parts.joined(separator: ", ")
    }

    /// For the line that is written over and over: `120 of 250, 1 failed`
    package var progress: String {
      "\(answered + failed) of \(total)" + (failed > 0 ? ", \(failed) failed" : "")
    }
  }

  /// `limit` is for each machine, from when it is asked.
  package func perform(
    _ request: PowerRequest, limit: Duration,
    tell: (Result<PowerOutcome, PowerError>, Summary) -> Void
  ) async -> Summary {
    var summary = Summary(total: drivers.count)
    await FanOut.run(drivers, fanout: fanout) { driver -> Result<PowerOutcome, PowerError> in
      do throws(PowerError) {
        return .success(try await driver.perform(request, limit: limit))
      } catch {
        return .failure(error)
      }
    } tell: { _, result in
      summary.note(result)
      tell(result, summary)
    }
    return summary
  }
}
