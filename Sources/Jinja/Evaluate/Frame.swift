/// Jinja: the variables of one running root, block, macro or recursive loop.

/// Its memory is its own, so that reading a variable costs no bookkeeping; every index is checked.
final class Frame {
  private let base: UnsafeMutablePointer<Value>
  let count: Int
  /// Where the function was written, for the variables that it sees there.
  let outer: Frame?

  init(slotCount: Int, outer: Frame?) {
    base = .allocate(capacity: max(1, slotCount))
    base.initialize(repeating: .missing, count: slotCount)
    count = slotCount
    self.outer = outer
  }

  deinit {
    base.deinitialize(count: count)
    base.deallocate()
  }

  subscript(index: Int) -> Value {
    @inline(__always) get { index >= 0 && index < count ? base[index] : .missing }
    @inline(__always) set { if index >= 0, index < count { base[index] = newValue } }
  }

  subscript(slot: Slot) -> Value {
    @inline(__always) get {
      slot.depth == 0 ? self[slot.index] : outward(slot.depth)?[slot.index] ?? .missing
    }
    @inline(__always) set {
      if slot.depth == 0 {
        self[slot.index] = newValue
      } else if let frame = outward(slot.depth) {
        frame[slot.index] = newValue
      }
    }
  }

  private func outward(_ depth: Int) -> Frame? {
    var frame: Frame? = self
    for _ in 0..<depth { frame = frame?.outer }
    return frame
  }

  /// Lets go of all values.
  func clear() { for index in 0..<count { base[index] = .missing } }
}

/// A variable's place: how many functions outwards, and which one there.
struct Slot: Sendable, Hashable {
  let depth: Int
  let index: Int
}
