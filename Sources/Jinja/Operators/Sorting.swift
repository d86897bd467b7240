/// Jinja: stable sorting by Python's order.

extension Run {
  func sorted(_ items: [Value], reverse: Bool = false) throws(JinjaError) -> [Value] {
    var keyed: [(key: Value, value: Value)] = []
    keyed.reserveCapacity(items.count)
    for item in items { keyed.append((item, item)) }
    return try sorted(keyed, reverse: reverse)
  }

  /// By the keys; equal ones stay in their order, also when the order is reversed.
  func sorted(
    _ items: [(key: Value, value: Value)], reverse: Bool = false
  ) throws(JinjaError) -> [Value] {
    try allocate(items.count, times: 64)
    var source = reverse ? items.reversed() : items
    if source.count <= 12 {
      try insertionSort(&source)
      var result: [Value] = []
      result.reserveCapacity(source.count)
      for index in source.indices { result.append(source[index].value) }
      return reverse ? result.reversed() : result
    }
    var target = source
    var width = 1
    while width < source.count {
      var start = 0
      while start < source.count {
        let middle = min(start + width, source.count)
        let end = min(start + 2 * width, source.count)
        try merge(source, start, middle, end, into: &target)
        start = end
      }
      swap(&source, &target)
      width *= 2
    }
    var result: [Value] = []
    result.reserveCapacity(source.count)
    for item in source { result.append(item.value) }
    return reverse ? result.reversed() : result
  }

  private func insertionSort(
    _ items: inout [(key: Value, value: Value)]
  ) throws(JinjaError) {
    guard items.count > 1 else { return }
    for end in 1..<items.count {
      var place = end
      while place > 0, try isLess(items[end].key, items[place - 1].key) { place -= 1 }
      if place < end { items.insert(items.remove(at: end), at: place) }
    }
  }

  private func merge(
    _ source: [(key: Value, value: Value)], _ start: Int, _ middle: Int, _ end: Int,
    into target: inout [(key: Value, value: Value)]
  ) throws(JinjaError) {
    var (left, right) = (start, middle)
    for index in start..<end {
      try step()
      let takesRight: Bool
      if left >= middle {
        takesRight = true
      } else if right >= end {
        takesRight = false
      } else {
        takesRight = try isLess(source[right].key, source[left].key)
      }
      target[index] = source[takesRight ? right : left]
      if takesRight { right += 1 } else { left += 1 }
    }
  }
}
