/// Jinja: a place in something that is being walked through.

enum Cursor {
  case empty
  case list(ListObject, Int)
  case reversedList(ListObject, Int)
  case tuple(TupleObject, Int)
  case array([Value], Int)
  case text(String.UnicodeScalarView.Iterator)
  case range(RangeObject, Int)
  case entries(DictViewObject.Kind, DictObject, Int, count: Int, isReversed: Bool)
  case generator(IteratorObject)

  mutating func next(_ run: Run) throws(JinjaError) -> Value? {
    switch self {
    case .empty: return nil
    case .list(let list, let index):
      guard index < list.items.count else { return nil }
      self = .list(list, index + 1)
      return list.items[index]
    case .reversedList(let list, let index):
      guard index >= 0, index < list.items.count else { return nil }
      self = .reversedList(list, index - 1)
      return list.items[index]
    case .tuple(let tuple, let index):
      guard index < tuple.items.count else { return nil }
      self = .tuple(tuple, index + 1)
      return tuple.items[index]
    case .array(let items, let index):
      guard index < items.count else { return nil }
      self = .array(items, index + 1)
      return items[index]
    case .text(var iterator):
      guard let scalar = iterator.next() else { return nil }
      self = .text(iterator)
      return .string(String(Character(scalar)))
    case .range(let range, let index):
      guard index < range.count else { return nil }
      self = .range(range, index + 1)
      return .int(range.element(index))
    case .entries(let kind, let dict, let index, let count, let isReversed):
      guard dict.count == count else {
        throw run.failure(.runtime, "dictionary changed size during iteration")
      }
      guard index < count else { return nil }
      self = .entries(kind, dict, index + 1, count: count, isReversed: isReversed)
      return kind.entry(isReversed ? count - 1 - index : index, of: dict, run)
    case .generator(let iterator): return try iterator.next(run)
    }
  }
}

extension Run {
  /// `iter(value)`; nil where Python says that it is not iterable.
  func cursorIfIterable(_ value: Value) throws(JinjaError) -> Cursor? {
    switch value {
    case .list(let list): return .list(list, 0)
    case .tuple(let tuple): return .tuple(tuple, 0)
    case .dict(let dict): return .entries(.keys, dict, 0, count: dict.count, isReversed: false)
    case .string(let text), .markup(let text): return .text(text.unicodeScalars.makeIterator())
    case .object(let object): return try object.cursor(self)
    case .undefined(let undefined):
      try refuseIfStrict(undefined)
      return .empty
    case .missing, .null, .bool, .int, .big, .double: return nil
    }
  }

  func cursor(_ value: Value) throws(JinjaError) -> Cursor {
    guard let cursor = try cursorIfIterable(value) else {
      throw failure(.type, "'\(value.typeName)' object is not iterable")
    }
    return cursor
  }

  /// `list(value)`.
  func array(_ value: Value) throws(JinjaError) -> [Value] {
    switch value {
    case .list(let list): return list.items
    case .tuple(let tuple): return tuple.items
    default:
      var cursor = try cursor(value)
      var result: [Value] = []
      while let item = try cursor.next(self) {
        try work(1)
        try allocate(32)
        result.append(item)
      }
      return result
    }
  }
}
