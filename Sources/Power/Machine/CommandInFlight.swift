/// Power: which command has been sent and not yet answered.

import Synchronization

/// So that a time limit can tell "nothing was done" from "nobody knows".
final class CommandInFlight: Sendable {
  private let command = Mutex<String?>(nil)

  func begin(_ words: String) {
    command.withLock { $0 = words }
  }

  func end() {
    command.withLock { $0 = nil }
  }

  var words: String? { command.withLock { $0 } }
}

/// Runs `work` no longer than `limit`. It must end soon after it is cancelled.
func withTimeLimit<Value: Sendable>(
  _ limit: Duration, _ inFlight: CommandInFlight,
  _ work: @escaping @Sendable () async throws(DriverError) -> Value
) async throws(DriverError) -> Value {
  let result = await withTaskGroup(of: Result<Value, DriverError>?.self) { group in
    group.addTask {
      do throws(DriverError) {
        return .success(try await work())
      } catch {
        return .failure(error)
      }
    }
    group.addTask {
      try? await Task.sleep(for: limit)
      return nil
    }
    let first = await group.next() ?? nil
    // Before the work notices that it is cancelled and looks at nothing any more.
    let words = inFlight.words
    group.cancelAll()
    switch first {
    case .failure(let error)? where error.kind == .cancelled && words != nil: break
    case let result?: return result
    case nil: break
    }
    if let words { return .failure(.uncertain(words, "no answer came in time")) }
    return Task.isCancelled ? .failure(.cancelled) : .failure(.timeLimit(limit))
  }
  return try result.get()
}
