/// Inventory: who wants to hear of new events at once (`fino boots --follow`).

import Synchronization

final class EventFollowers: Sendable {
  private struct Followers {
    var continuations: [Int: AsyncStream<BootEvent>.Continuation] = [:]
    var nextID = 0
    var closed = false
  }

  private let followers = Mutex(Followers())

  /// All events from now on. A follower who is too slow misses the oldest.
  func follow(buffer: Int) -> AsyncStream<BootEvent> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: BootEvent.self, bufferingPolicy: .bufferingNewest(buffer))
    let id = followers.withLock { followers -> Int? in
      guard !followers.closed else { return nil }
      followers.nextID += 1
      followers.continuations[followers.nextID] = continuation
      return followers.nextID
    }
    guard let id else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in
      self?.followers.withLock { $0.continuations[id] = nil }
    }
    return stream
  }

  func tell(_ events: [BootEvent]) {
    let continuations = followers.withLock { Array($0.continuations.values) }
    for continuation in continuations {
      for event in events { continuation.yield(event) }
    }
  }

  func close() {
    let continuations = followers.withLock { followers in
      followers.closed = true
      defer { followers.continuations = [:] }
      return Array(followers.continuations.values)
    }
    for continuation in continuations { continuation.finish() }
  }
}
