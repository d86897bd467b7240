/// Jinja: `range(start, stop, step)`, which never holds its numbers.

final class RangeObject: Object {
  let start: Int
  let stop: Int
  let step: Int
  let count: Int

  /// nil where the step is zero.
  init?(start: Int, stop: Int, step: Int, _ run: Run) {
    guard step != 0 else { return nil }
    self.start = start
    self.stop = stop
    self.step = step
    let forward = step > 0 ? start < stop : start > stop
    if forward {
      // Distances are up to 2^64-1: unsigned.
      let distance =
        step > 0 ? UInt(bitPattern: stop &- start) : UInt(bitPattern: start &- stop)
      count = Int(clamping: (distance - 1) / step.magnitude + 1)
    } else {
      count = 0
    }
    super.init(run)
  }

  override var typeName: String { "range" }
  override var truth: Bool { count > 0 }
  override var length: Int? { count }

  /// Needs 0 ≤ index < count.
  func element(_ index: Int) -> Int { start &+ index &* step }

  override func item(_ key: Value, _ run: Run) throws(JinjaError) -> Value? {
    guard let index = run.index(key) else { return nil }
    let position = index < 0 ? index &+ count : index
    return position >= 0 && position < count ? .int(element(position)) : nil
  }

  override func cursor(_ run: Run) throws(JinjaError) -> Cursor? { .range(self, 0) }

  override func attribute(_ name: String, _ run: Run) throws(JinjaError) -> Value? {
    switch name {
    case "start": return .int(start)
    case "stop": return .int(stop)
    case "step": return .int(step)
    default: return nil
    }
  }

  override func contains(_ value: Value, _ run: Run) throws(JinjaError) -> Bool? {
    guard Number(value) != nil, case .int(let number) = try run.key(value), count > 0 else {
      return false
    }
    let last = element(count - 1)
    guard number >= min(start, last), number <= max(start, last) else { return false }
    let distance = UInt(bitPattern: step > 0 ? number &- start : start &- number)
    return distance % step.magnitude == 0
  }

  override func isEqual(to other: Object, _ run: Run) throws(JinjaError) -> Bool {
    guard let other = other as? RangeObject, count == other.count else { return false }
    return count == 0 || start == other.start && (count == 1 || step == other.step)
  }

  override func write(to text: inout String, _ run: Run) throws(JinjaError) {
    text += step == 1 ? "range(\(start), \(stop))" : "range(\(start), \(stop), \(step))"
  }
}
