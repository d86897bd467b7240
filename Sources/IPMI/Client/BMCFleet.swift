/// IPMI: what all sessions of a process share: how many there may be, and what is known of each BMC.

import Synchronization

/// Give the same one to every `IPMIClient`, so that all requests together stay within the limit and
/// each login profits from the last one.
package final class BMCFleet: Sendable {
  private typealias Waiter = CheckedContinuation<Bool, Never>

  private struct State {
    var free: Int
    var waiters: [UInt64: Waiter] = [:]
    /// In the order in which they came; those that gave up are missing above.
    var order: [UInt64] = []
    var head = 0
    var lastID: UInt64 = 0
    var traits: [BMCAddress: BMCTraits] = [:]
    var ages: [BMCAddress] = []
  }

  private let state: Mutex<State>
  private let capacity: Int

  /// At most so many sessions at once; at most so many BMCs are remembered.
  package init(sessions: Int = 256, remembered: Int = 16_384) {
    state = Mutex(State(free: max(1, sessions)))
    capacity = max(1, remembered)
  }

  // MARK: Places

  /// Waits for a place. False: the task was cancelled before there was one.
  func enter() async -> Bool {
    let id = state.withLock { state -> UInt64? in
      if state.free > 0 {
        state.free -= 1
        return nil
      }
      state.lastID += 1
      return state.lastID
    }
    guard let id else { return true }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let outcome = state.withLock { state -> Bool? in
          if Task.isCancelled { return false }
          // A place may have become free between the two looks.
          if state.free > 0 {
            state.free -= 1
            return true
          }
          state.waiters[id] = continuation
          state.order.append(id)
          return nil
        }
        if let outcome { continuation.resume(returning: outcome) }
      }
    } onCancel: {
      let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
      waiter?.resume(returning: false)
    }
  }

  func leave() {
    let next = state.withLock { state -> Waiter? in
      while state.head < state.order.count {
        let id = state.order[state.head]
        state.head += 1
        if state.head > 1024 {
          state.order.removeFirst(state.head)
          state.head = 0
        }
        if let waiter = state.waiters.removeValue(forKey: id) { return waiter }
      }
      state.order.removeAll(keepingCapacity: true)
      state.head = 0
      state.free += 1
      return nil
    }
    next?.resume(returning: true)
  }

  /// How many requests wait for a place.
  package var waitingCount: Int { state.withLock { $0.waiters.count } }

  // MARK: Memory

  /// nil: this BMC is new.
  package func traits(of address: BMCAddress) -> BMCTraits? {
    state.withLock { $0.traits[address] }
  }

  package func remember(_ traits: BMCTraits, of address: BMCAddress) {
    state.withLock { state in
      if state.traits.updateValue(traits, forKey: address) == nil {
        state.ages.append(address)
        // The oldest ones go, a tenth at a time.
        if state.traits.count > capacity {
          for old in state.ages.prefix(max(1, capacity / 10)) { state.traits[old] = nil }
          state.ages.removeFirst(max(1, capacity / 10))
        }
      }
    }
  }

  /// The BMC did not answer: next time nothing is taken for granted.
  package func forget(_ address: BMCAddress) {
    state.withLock { state in
      if state.traits.removeValue(forKey: address) != nil {
        state.ages.removeAll { $0 == address }
      }
    }
  }
}
