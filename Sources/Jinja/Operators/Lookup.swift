/// Jinja: `object.name`, `object[key]` and slices.

extension Run {
  /// Attribute first, item second.
  func attribute(_ name: String, of value: Value) throws(JinjaError) -> Value {
    switch value {
    case .dict(let dict):
      if Methods.dict.contains(name) { return .object(MethodObject(value, name, self)) }
      if let item = dict[name] { return item }
    case .object(let object):
      if let attribute = try object.attribute(name, self) { return attribute }
      if let item = try object.item(.string(name), self) { return item }
    default: if let attribute = try pythonAttribute(name, of: value) { return attribute }
    }
    return .undefined(missingElement(.string(name), of: value))
  }

  /// What Python's `getattr` finds.
  func pythonAttribute(_ name: String, of value: Value) throws(JinjaError) -> Value? {
    switch value {
    case .undefined(let undefined):
      // Names of Python's protocols are looked for without complaint.
      if name.hasPrefix("__"), name.hasSuffix("__") { return nil }
      throw failure(.undefined, undefined.message)
    case .object(let object): return try object.attribute(name, self)
    case .tuple(let tuple):
      if let index = tuple.fields.firstIndex(of: name), index < tuple.items.count {
        return tuple.items[index]
      }
    case .int, .bool, .big:
      switch name {
      case "real", "numerator": return try unaryPlus(value)
      case "imag": return .int(0)
      case "denominator": return .int(1)
      default: break
      }
    case .double:
      if name == "real" { return value }
      if name == "imag" { return .double(0) }
    default: break
    }
    return hasMethod(name, value) ? .object(MethodObject(value, name, self)) : nil
  }

  func missingElement(_ key: Value, of value: Value) -> Undefined {
    let owner: String
    switch value {
    case .null: owner = "None"
    case .markup: owner = "markupsafe.Markup object"
    case .object(let object) where !(object is RangeObject || object is IteratorObject):
      owner = "jinja2.\(object.typeName) object"
    default: owner = "\(value.typeName) object"
    }
    if let name = key.text { return Undefined("'\(owner)' has no attribute '\(name)'") }
    var shown = ""
    do throws(JinjaError) {
      try writeRepr(key, to: &shown)
    } catch {
      shown = "..."
    }
    return Undefined("\(owner) has no element \(shown)")
  }

  /// Item first, attribute second.
  func item(_ key: Value, of value: Value) throws(JinjaError) -> Value {
    if let item = try existingItem(key, of: value) { return item }
    if let name = key.text, let attribute = try pythonAttribute(name, of: value) {
      return attribute
    }
    return .undefined(missingElement(key, of: value))
  }

  private func existingItem(_ key: Value, of value: Value) throws(JinjaError) -> Value? {
    switch value {
    case .list(let list): return element(key, of: list.items)
    case .tuple(let tuple): return element(key, of: tuple.items)
    case .dict(let dict):
      if case .string(let name) = key { return dict[name] }
      switch key {
      case .list, .dict: return nil
      default: return dict[try self.key(key)]
      }
    case .string(let text), .markup(let text):
      guard let index = index(key) else { return nil }
      try work(text.utf8.count / 64)
      let count = text.scalarCount
      let position = index < 0 ? index &+ count : index
      guard position >= 0, position < count else { return nil }
      let scalars = text.unicodeScalars
      let character = String(
        Character(scalars[scalars.index(scalars.startIndex, offsetBy: position)]))
      return value.isMarkup ? .markup(character) : .string(character)
    case .object(let object): return try object.item(key, self)
    case .undefined(let undefined): throw failure(.undefined, undefined.message)
    default: return nil
    }
  }

  private func element(_ key: Value, of items: [Value]) -> Value? {
    guard let index = index(key) else { return nil }
    let position = index < 0 ? index &+ items.count : index
    return position >= 0 && position < items.count ? items[position] : nil
  }

  // MARK: Slices

  /// Where a slice starts, how many elements it has and how far they are apart.
  func sliceBounds(
    _ start: Value, _ stop: Value, _ step: Value, count: Int
  ) throws(JinjaError) -> (first: Int, count: Int, step: Int) {
    let step = try sliceIndex(step) ?? 1
    guard step != 0 else { throw failure(.value, "slice step cannot be zero") }
    let (low, high) = step > 0 ? (0, count) : (-1, count - 1)
    func clamped(_ index: Int) -> Int {
      let position = index < 0 ? max(index, -count - 1) + count : index
      return min(max(position, low), high)
    }
    let first = try sliceIndex(start).map(clamped) ?? (step > 0 ? low : high)
    let end = try sliceIndex(stop).map(clamped) ?? (step > 0 ? high : low)
    let distance = step > 0 ? end - first : first - end
    let length =
      distance <= 0 ? 0 : Int(clamping: (UInt(distance) - 1) / step.magnitude + 1)
    return (first, length, step)
  }

  private func sliceIndex(_ value: Value) throws(JinjaError) -> Int? {
    if value.isNone { return nil }
    guard let index = index(value) else {
      throw failure(
        .type,
        "slice indices must be integers or None or have an __index__ method")
    }
    return index
  }

  func isSliceable(_ value: Value) -> Bool {
    switch value {
    case .list, .tuple, .string, .markup, .undefined: return true
    case .object(let object): return object is RangeObject
    default: return false
    }
  }

  func slice(
    _ value: Value, _ start: Value, _ stop: Value, _ step: Value
  ) throws(JinjaError) -> Value {
    switch value {
    case .list(let list): return try self.list(try sliced(list.items, start, stop, step))
    case .tuple(let tuple): return try self.tuple(try sliced(tuple.items, start, stop, step))
    case .string(let text), .markup(let text):
      try allocate(text.utf8.count)
      try work(text.utf8.count / 8)
      let result = String(try sliced(text.scalarArray, start, stop, step))
      return value.isMarkup ? .markup(result) : .string(result)
    case .object(let object):
      if let range = object as? RangeObject { return try sliced(range, start, stop, step) }
    case .undefined(let undefined): throw failure(.undefined, undefined.message)
    case .dict: throw failure(.type, "unhashable type: 'slice'")
    default: break
    }
    throw failure(.type, "'\(value.typeName)' object is not subscriptable")
  }

  private func sliced<Element>(
    _ items: [Element], _ start: Value, _ stop: Value, _ step: Value
  ) throws(JinjaError) -> [Element] {
    let (first, count, step) = try sliceBounds(start, stop, step, count: items.count)
    if step == 1 { return Array(items[first..<(first + count)]) }
    var result: [Element] = []
    result.reserveCapacity(count)
    var position = first
    for _ in 0..<count {
      result.append(items[position])
      position &+= step
    }
    return result
  }

  private func sliced(
    _ range: RangeObject, _ start: Value, _ stop: Value, _ step: Value
  ) throws(JinjaError) -> Value {
    let (first, count, factor) = try sliceBounds(start, stop, step, count: range.count)
    let (step, overflow) = range.step.multipliedReportingOverflow(by: factor)
    let begin = range.start &+ first &* range.step
    let (length, overflow2) = step.multipliedReportingOverflow(by: count)
    let (end, overflow3) = begin.addingReportingOverflow(length)
    guard !overflow, !overflow2, !overflow3,
      let result = RangeObject(start: begin, stop: end, step: step, self)
    else { throw failure(.overflow, "The slice of the range is too large.") }
    return .object(result)
  }
}
