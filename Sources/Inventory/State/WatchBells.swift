/// Inventory: how those who watch the state learn that there is something to look at.

import Synchronization

/// A bell that was not heard yet is not rung twice: who is slow looks once.
final class WatchBells: Sendable {
  private struct Bells {
    var continuations: [Int: AsyncStream<Void>.Continuation] = [:]
    var nextID = 0
    var closed = false
  }

  private let bells = Mutex(Bells())

  func hang() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let id = bells.withLock { bells -> Int? in
      guard !bells.closed else { return nil }
      bells.nextID += 1
      bells.continuations[bells.nextID] = continuation
      return bells.nextID
    }
    guard let id else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in
      self?.bells.withLock { $0.continuations[id] = nil }
    }
    return stream
  }

  func ring() {
    let continuations = bells.withLock { Array($0.continuations.values) }
    for continuation in continuations { continuation.yield() }
  }

  func close() {
    let continuations = bells.withLock { bells in
      bells.closed = true
      defer { bells.continuations = [:] }
      return Array(bells.continuations.values)
    }
    for continuation in continuations { continuation.finish() }
  }
}

/// How far one of those who watch has read.
final class WatchPosition: Sendable {
  private let seen = Mutex<Int?>(nil)

  var revision: Int? {
    get { seen.withLock { $0 } }
    set { seen.withLock { $0 = newValue } }
  }
}
