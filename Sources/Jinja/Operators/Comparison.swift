/// Jinja: truth, equality, order and membership, as Python has them.

extension Run {
  func truth(_ value: Value) throws(JinjaError) -> Bool {
    switch value {
    case .bool(let flag): return flag
    case .missing, .null: return false
    case .undefined(let undefined):
      try refuseIfStrict(undefined)
      return false
    case .int(let number): return number != 0
    case .big: return true
    case .double(let number): return number != 0
    case .string(let text), .markup(let text): return !text.isEmpty
    case .list(let list): return !list.items.isEmpty
    case .tuple(let tuple): return !tuple.items.isEmpty
    case .dict(let dict): return dict.count > 0
    case .object(let object): return object.truth
    }
  }

  func compare(
    _ operation: Expression.Comparison, _ a: Value, _ b: Value
  ) throws(JinjaError) -> Bool {
    switch operation {
    case .equal: return try isEqual(a, b)
    case .notEqual: return !(try isEqual(a, b))
    case .isIn: return try contains(b, a)
    case .isNotIn: return !(try contains(b, a))
    case .less, .greater, .lessOrEqual, .greaterOrEqual: return try ordered(operation, a, b)
    }
  }

  // MARK: Equality

  func isEqual(_ a: Value, _ b: Value) throws(JinjaError) -> Bool {
    switch (a, b) {
    case (.string(let x), .string(let y)): return sameText(x, y)
    case (.int(let x), .int(let y)): return x == y
    case (.null, .null): return true
    case (.undefined(let x), _):
      try refuseComparison(x)
      return b.isUndefined
    case (_, .undefined(let y)):
      try refuseComparison(y)
      return false
    case (.list(let x), .list(let y)): return x === y ? true : try areEqual(x.items, y.items)
    case (.tuple(let x), .tuple(let y)): return x === y ? true : try areEqual(x.items, y.items)
    case (.dict(let x), .dict(let y)): return x === y ? true : try areEqual(x, y)
    case (.object(let x), .object(let y)): return x === y ? true : try x.isEqual(to: y, self)
    default:
      if let x = a.text, let y = b.text { return sameText(x, y) }
      if let x = Number(a), let y = Number(b) { return order(x, y) == 0 }
      return false
    }
  }

  /// Jinja2's StrictUndefined can't be compared at all.
  private func refuseComparison(_ undefined: Undefined) throws(JinjaError) {
    try refuseIfStrict(undefined)
  }

  private func areEqual(_ a: [Value], _ b: [Value]) throws(JinjaError) -> Bool {
    guard a.count == b.count else { return false }
    try enter(4)
    defer { leave(4) }
    for index in a.indices {
      try step()
      guard try isSame(a[index], b[index]) else { return false }
    }
    return true
  }

  private func areEqual(_ a: DictObject, _ b: DictObject) throws(JinjaError) -> Bool {
    guard a.count == b.count else { return false }
    try enter(4)
    defer { leave(4) }
    for (index, hash) in a.hashes.enumerated() {
      try step()
      guard let value = b[hash], try isSame(a.values[index], value) else { return false }
    }
    return true
  }

  /// Identity first, as Python's containers do: a NaN is found in the list that holds it.
  func isSame(_ a: Value, _ b: Value) throws(JinjaError) -> Bool {
    if case .double(let x) = a, case .double(let y) = b, x.isNaN, y.isNaN {
      return x.bitPattern == y.bitPattern
    }
    return try isEqual(a, b)
  }

  // MARK: Order

  /// Below, at or above zero; nil where a NaN is one of them.
  func order(_ a: Number, _ b: Number) -> Int? {
    switch (a, b) {
    case (.whole(let x), .whole(let y)): return x == y ? 0 : x < y ? -1 : 1
    case (.double(let x), .double(let y)):
      return x.isNaN || y.isNaN ? nil : x == y ? 0 : x < y ? -1 : 1
    case (.whole, .double): return order(b, a).map { -$0 }
    case (.double(let x), .whole(let y)):
      if x.isNaN { return nil }
      guard let whole = BigInt(truncating: x) else { return x < 0 ? -1 : 1 }
      if whole != y { return whole < y ? -1 : 1 }
      let fraction = x - x.rounded(.towardZero)
      return fraction == 0 ? 0 : fraction < 0 ? -1 : 1
    }
  }

  private func ordered(
    _ operation: Expression.Comparison, _ a: Value, _ b: Value
  ) throws(JinjaError) -> Bool {
    if case .int(let x) = a, case .int(let y) = b {
      return satisfies(operation, x == y ? 0 : x < y ? -1 : 1)
    }
    if case .string(let x) = a, case .string(let y) = b {
      return satisfies(operation, textOrder(x, y))
    }
    try refuseUndefined(a)
    try refuseUndefined(b)
    if let x = Number(a), let y = Number(b) {
      return order(x, y).map { satisfies(operation, $0) } ?? false
    }
    if let x = a.text, let y = b.text { return satisfies(operation, textOrder(x, y)) }
    switch (a, b) {
    case (.list(let x), .list(let y)): return try ordered(operation, x.items, y.items)
    case (.tuple(let x), .tuple(let y)): return try ordered(operation, x.items, y.items)
    default:
      throw failure(
        .type,
        "'\(operation.rawValue)' not supported between instances of '\(a.typeName)' and"
          + " '\(b.typeName)'")
    }
  }

  private func satisfies(_ operation: Expression.Comparison, _ order: Int) -> Bool {
    switch operation {
    case .less: return order < 0
    case .lessOrEqual: return order <= 0
    case .greater: return order > 0
    default: return order >= 0
    }
  }

  /// The first pair that differs decides.
  private func ordered(
    _ operation: Expression.Comparison, _ a: [Value], _ b: [Value]
  ) throws(JinjaError) -> Bool {
    try enter(4)
    defer { leave(4) }
    for index in 0..<min(a.count, b.count) {
      try step()
      if try isSame(a[index], b[index]) { continue }
      return try ordered(operation, a[index], b[index])
    }
    return satisfies(operation, a.count == b.count ? 0 : a.count < b.count ? -1 : 1)
  }

  func isLess(_ a: Value, _ b: Value) throws(JinjaError) -> Bool { try ordered(.less, a, b) }

  // MARK: Membership

  /// `value in container`.
  func contains(_ container: Value, _ value: Value) throws(JinjaError) -> Bool {
    switch container {
    case .string(let text), .markup(let text):
      guard let part = value.text else {
        throw failure(
          .type, "'in <string>' requires string as left operand, not \(value.typeName)")
      }
      try work((text.utf8.count + part.utf8.count) / 16)
      return try find(part, in: text) != nil
    case .dict(let dict): return dict[try key(value)] != nil
    case .object(let object):
      if let answer = try object.contains(value, self) { return answer }
    default: break
    }
    guard var cursor = try cursorIfIterable(container) else {
      throw failure(.type, "argument of type '\(container.typeName)' is not iterable")
    }
    while let item = try cursor.next(self) {
      try step()
      if try isSame(item, value) { return true }
    }
    return false
  }
}
