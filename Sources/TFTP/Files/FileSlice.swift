/// TFTP: a part of a large file, in memory or not.

import Synchronization

final class FileSlice: Sendable {
  /// Bytes of all slices but a file's last.
  static let size = 512 * 1024

  private enum State {
    case absent
    case loading([@Sendable (Bool) -> Void])
    case present([UInt8], wasUsed: Bool)
  }

  /// What whoever wants the bytes has to do.
  enum Wait {
    case isHere
    /// It will be called.
    case isComing
    /// It will be called, and is the one who has the bytes read.
    case mustRead
  }

  private let state = Mutex(State.absent)

  /// The bytes; nil when they are not in memory.
  func use() -> [UInt8]? {
    state.withLock { state in
      guard case .present(let bytes, let wasUsed) = state else { return nil }
      if !wasUsed { state = .present(bytes, wasUsed: true) }
      return bytes
    }
  }

  var isAbsent: Bool {
    state.withLock { if case .absent = $0 { true } else { false } }
  }

  func wait(_ done: @escaping @Sendable (Bool) -> Void) -> Wait {
    state.withLock { state in
      switch state {
      case .present: return .isHere
      case .loading(let waiting):
        state = .loading(waiting + [done])
        return .isComing
      case .absent:
        state = .loading([done])
        return .mustRead
      }
    }
  }

  /// The bytes were read, or (nil) could not be. Who waits for that.
  func settle(_ bytes: [UInt8]?) -> [@Sendable (Bool) -> Void] {
    state.withLock { state in
      guard case .loading(let waiting) = state else { return [] }
      state = bytes.map { .present($0, wasUsed: true) } ?? .absent
      return waiting
    }
  }

  /// Forgets the bytes, unless they were used since the last call; whether they are gone.
  func giveUp() -> Bool {
    state.withLock { state in
      guard case .present(let bytes, let wasUsed) = state else { return true }
      state = wasUsed ? .present(bytes, wasUsed: false) : .absent
      return !wasUsed
    }
  }
}
