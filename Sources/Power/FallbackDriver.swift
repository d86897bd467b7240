/// Power: a second way to the same machine, for when the first does not let anybody in.

/// The second driver is asked only when the first failed before it could have touched the machine:
/// nothing answered, nobody was let in, or its certificate was not trusted. A command whose end is
/// not known is never repeated another way.
package struct FallbackDriver: PowerDriver {
  package static let name = "fallback"

  private let first: any PowerDriver
  private let second: any PowerDriver

  package init(_ first: any PowerDriver, _ second: any PowerDriver) {
    self.first = first
    self.second = second
  }

  package var target: String { first.target }
  package var queueKey: String { first.queueKey }
  package var setsBootDevice: Bool { first.setsBootDevice }

  package func perform(
    _ request: PowerRequest, limit: Duration
  ) async throws(PowerError) -> PowerOutcome {
    let start = ContinuousClock.now
    let problem: PowerError
    do throws(PowerError) {
      return try await first.perform(request, limit: limit)
    } catch {
      guard error.isBeforeAnyAction else { throw error }
      problem = error
    }
    let left = limit - start.duration(to: .now)
    guard left > .zero, !Task.isCancelled else { throw problem }
    let name = type(of: first).name
    do throws(PowerError) {
      var outcome = try await second.perform(request, limit: left)
      outcome.warnings.append("not over \(name): \(problem)")
      return outcome
    } catch {
      guard error.isBeforeAnyAction else { throw error }
      // Neither is the truth alone; the first is what the operator chose.
      throw PowerError(
        target: problem.target,
        cause: .driver(
          DriverError(
            .unreachable,
            "\(problem.reason); nor over \(type(of: second).name) at \(error)")))
    }
  }
}

extension PowerError {
  /// Without the target.
  fileprivate var reason: String {
    switch cause {
    case .ipmi(let error): "\(error)"
    case .driver(let error): "\(error)"
    case .queueTimeLimit, .cancelled: "\(self)"
    }
  }
}
