/// Power: one queue for each BMC, so that two requests for one machine never overlap.

import IPMI

/// BMCs have few sessions and little patience; requests for different BMCs run side by side.
package actor PowerDesk {
  private struct Waiter {
    var id: UInt64
    var continuation: CheckedContinuation<Bool, Never>
  }

  /// A key is here while a request for it runs; the waiters are in the order in which they came.
  private var queues: [String: [Waiter]] = [:]
  private var lastID: UInt64 = 0

  package init() {}

  /// How many BMCs are being talked to.
  package var busyCount: Int { queues.count }

  /// How many requests wait behind the one that runs for this driver's BMC.
  package func waitingCount(for driver: any PowerDriver) -> Int {
    queues[driver.queueKey]?.count ?? 0
  }

  /// Waits for its turn and performs. The time in the queue counts against `limit`.
  package func perform(
    _ request: PowerRequest, with driver: any PowerDriver, limit: Duration
  ) async throws(PowerError) -> PowerOutcome {
    let start = ContinuousClock.now
    guard await takeTurn(driver.queueKey, limit: limit) else {
      let cause: PowerError.Cause = Task.isCancelled ? .cancelled : .queueTimeLimit(limit)
      throw PowerError(target: driver.target, cause: cause)
    }
    defer { passOn(driver.queueKey) }
    do throws(PowerError) {
      return try await driver.perform(request, limit: limit - start.duration(to: .now))
    } catch {
      // The driver knows only what the queue left over.
      switch error.cause {
      case .ipmi(.timeLimit):
        throw PowerError(target: driver.target, cause: .ipmi(.timeLimit(limit)))
      case .driver(let inner) where inner.kind == .timeLimit:
        throw PowerError(target: driver.target, cause: .driver(.timeLimit(limit)))
      default: throw error
      }
    }
  }

  /// False: the time is over, or the task was cancelled, before the turn came.
  private func takeTurn(_ key: String, limit: Duration) async -> Bool {
    guard queues[key] != nil else {
      queues[key] = []
      return true
    }
    lastID += 1
    let id = lastID
    let alarm = Task {
      try? await Task.sleep(for: limit)
      giveUp(id, key)
    }
    defer { alarm.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { queues[key]?.append(Waiter(id: id, continuation: $0)) }
    } onCancel: {
      alarm.cancel()
    }
  }

  /// After the time limit, or at once when the sleep was cancelled; harmless once the turn came.
  private func giveUp(_ id: UInt64, _ key: String) {
    guard let index = queues[key]?.firstIndex(where: { $0.id == id }) else { return }
    queues[key]?.remove(at: index).continuation.resume(returning: false)
  }

  private func passOn(_ key: String) {
    guard var waiting = queues[key] else { return }
    guard !waiting.isEmpty else {
      queues[key] = nil
      return
    }
    let next = waiting.removeFirst()
    queues[key] = waiting
    next.continuation.resume(returning: true)
  }
}
