/// TFTP: the slices of large files that are in memory.

import Dispatch
import Synchronization

/// A bounded number of bytes for all files of a folder. The oldest slice leaves first, unless it was
/// used since it was last considered.
final class SliceShelf: Sendable {
  private struct Entry {
    var slice: FileSlice
    var count: Int
  }

  private struct State {
    var entries: [Entry] = []
    var size = 0
  }

  /// Reads one slice after the other: more at once would only make the disk seek.
  let reader = DispatchQueue(label: "fino-file-reader")
  private let capacity: Int
  private let state = Mutex(State())

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// Bytes of the slices in memory.
  var size: Int { state.withLock { $0.size } }

  func add(_ slice: FileSlice, count: Int) {
    state.withLock { state in
      state.entries.append(Entry(slice: slice, count: count))
      state.size += count
      // Each is met twice at most: the second time it has not been used. The new one stays.
      var first = 0
      let last = 2 * state.entries.count
      while state.size > capacity, first < last, first < state.entries.count - 1 {
        let entry = state.entries[first]
        first += 1
        if entry.slice !== slice, entry.slice.giveUp() {
          state.size -= entry.count
        } else {
          state.entries.append(entry)
        }
      }
      state.entries.removeFirst(first)
    }
  }

  /// A file is gone, and its slices with it.
  func remove(_ slices: [FileSlice]) {
    let gone = Set(slices.map(ObjectIdentifier.init))
    state.withLock { state in
      state.entries.removeAll { entry in
        guard gone.contains(ObjectIdentifier(entry.slice)) else { return false }
        state.size -= entry.count
        return true
      }
    }
  }
}
