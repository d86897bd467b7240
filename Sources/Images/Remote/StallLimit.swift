/// Images: how long a mirror may be silent.

/// A time limit for one step: a head, or the next piece of a body.
package struct StallLimit: Sendable {
  package var duration: Duration
  let clock: any Clock<Duration>

  package init(_ duration: Duration, clock: any Clock<Duration> = ContinuousClock()) {
    self.duration = duration
    self.clock = clock
  }

  struct Stalled: Error {}

  /// Throws `Stalled` when `work` takes longer; `work` is cancelled then.
  func watch<Value: Sendable>(
    _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let (clock, duration) = (clock, duration)
    return try await withThrowingTaskGroup(of: Value.self) { group in
      group.addTask { try await work() }
      group.addTask {
        try await clock.sleep(for: duration)
        throw Stalled()
      }
      defer { group.cancelAll() }
      guard let value = try await group.next() else { throw CancellationError() }
      return value
    }
  }
}
