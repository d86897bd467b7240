/// Images: what the followers of a download see of it.

import Crypto
import Synchronization

/// One writer sets the stage, many readers wait for the one that they need.
final class DownloadProgress: Sendable {
  enum Stage: Sendable {
    /// No head yet.
    case asking
    /// The first `written` bytes are in the file.
    case following(ImageVersion, OpenImage, written: Int)
    case whole(StoredImage, OpenImage)
    /// The disk is full; the rest is everybody's own business. The hash is of what was written.
    case spilled(ImageVersion, OpenImage, written: Int, SHA256)
    /// There is no room for it; nothing was written.
    case passThrough
    case failed(RemoteImageError)
  }

  private struct Waiter {
    var isReady: @Sendable (Stage) -> Bool
    var continuation: CheckedContinuation<Stage, any Error>
  }

  private struct State {
    var stage: Stage
    var waiters: [Int: Waiter] = [:]
    var tickets = 0
  }

  private let state: Mutex<State>

  init(_ stage: Stage = .asking) {
    state = Mutex(State(stage: stage))
  }

  func advance(to stage: Stage) {
    let ready = state.withLock { state in
      state.stage = stage
      let ready = state.waiters.filter { $0.value.isReady(stage) }
      for id in ready.keys { state.waiters.removeValue(forKey: id) }
      return ready.values.map(\.continuation)
    }
    for continuation in ready { continuation.resume(returning: stage) }
  }

  /// The first stage from now on that is ready.
  func wait(until isReady: @escaping @Sendable (Stage) -> Bool) async throws -> Stage {
    let id = state.withLock { state in
      state.tickets += 1
      return state.tickets
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let now: Result<Stage, any Error>? = state.withLock { state in
          if isReady(state.stage) { return .success(state.stage) }
          // A task that was cancelled before this line finds no one to cancel.
          if Task.isCancelled { return .failure(CancellationError()) }
          state.waiters[id] = Waiter(isReady: isReady, continuation: continuation)
          return nil
        }
        if let now { continuation.resume(with: now) }
      }
    } onCancel: {
      let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
      waiter?.continuation.resume(throwing: CancellationError())
    }
  }
}

/// A whole image in the cache.
struct StoredImage: Equatable, Sendable {
  var name: CacheName
  var version: ImageVersion
  var size: Int
  var digest: ImageDigest
  /// When upstream was asked last, and until when it need not be; seconds since 1970.
  var validated: Double
  var freshUntil: Double

  /// A clock that was set back makes it stale, not fresh for years.
  func isFresh(at now: Double) -> Bool { validated <= now && now < freshUntil }
}
