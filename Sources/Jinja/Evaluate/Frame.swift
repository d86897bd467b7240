/// Jinja: the variables of one running root, block, macro or recursive loop.

/// Its memory is its own, so that reading a variable costs no bookkeeping; every index is checked.
final class Frame {
  let base: UnsafeMutablePointer<Value>
  /// Holds `base`. Bare memory is allocated through posix_memalign on Linux, which takes longer.
  private let memory: ManagedBuffer<Void, Value>
  private let capacity: Int
  private(set) var count: Int
  /// Where the function was written, for the variables that it sees there.
  private(set) var outer: Frame?

  init(slotCount: Int, outer: Frame?) {
    capacity = max(8, slotCount)
    memory = .create(minimumCapacity: capacity) { _ in }
    base = memory.withUnsafeMutablePointerToElements { $0 }
    base.initialize(repeating: .missing, count: slotCount)
    count = slotCount
    self.outer = outer
  }

  deinit {
    base.deinitialize(count: count)
  }

  /// For another function, once nobody else knows this one; false where it is too small.
  func reuse(slotCount: Int, outer: Frame?) -> Bool {
    guard slotCount <= capacity else { return false }
    base.initialize(repeating: .missing, count: slotCount)
    count = slotCount
    self.outer = outer
    return true
  }

  func empty() {
    base.deinitialize(count: count)
    count = 0
    outer = nil
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
