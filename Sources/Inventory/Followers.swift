/// Inventory: who wants to hear of something at once: new boot events, changes of the state.

import Synchronization

/// Any number of streams that are told the same, until all of them are closed.
final class Followers<Element: Sendable>: Sendable {
  private struct State {
    var continuations: [Int: AsyncStream<Element>.Continuation] = [:]
    var nextID = 0
    var closed = false
  }

  private let state = Mutex(State())

  /// All elements from now on. A follower who is too slow misses the oldest of more than `buffer`.
  func follow(buffer: Int) -> AsyncStream<Element> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Element.self, bufferingPolicy: .bufferingNewest(buffer))
    let id = state.withLock { state -> Int? in
      guard !state.closed else { return nil }
      state.nextID += 1
      state.continuations[state.nextID] = continuation
      return state.nextID
    }
    guard let id else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { $0.continuations[id] = nil }
    }
    return stream
  }

  func tell(_ elements: [Element]) {
    let continuations = state.withLock { Array($0.continuations.values) }
    for continuation in continuations {
      for element in elements { continuation.yield(element) }
    }
  }

  func close() {
    let continuations = state.withLock { state in
      state.closed = true
      defer { state.continuations = [:] }
      return Array(state.continuations.values)
    }
    for continuation in continuations { continuation.finish() }
  }
}
