/// Jinja: the lists and dicts of the caller that were asked for.

/// Each is converted once, so that every use is the same object. Most templates ask for a few: a short
/// chain of constants, which costs less than a table.
struct GivenContainers {
  private final class Link {
    let position: Int
    let value: Value
    let next: Link?
    let count: Int

    init(_ position: Int, _ value: Value, next: Link?) {
      self.position = position
      self.value = value
      self.next = next
      count = 1 + (next?.count ?? 0)
    }

    func value(at position: Int) -> Value? {
      self.position == position ? value : next?.value(at: position)
    }
  }

  private static let longestChain = 8

  private var newest: Link?
  private var others: [Int: Value]?

  init() {}

  /// What stood at a position of the caller's dict; nil where nobody asked for it yet.
  @inline(__always)
  func value(at position: Int) -> Value? {
    newest?.value(at: position) ?? others?[position]
  }

  consuming func keeping(_ value: Value, at position: Int) -> GivenContainers {
    if let newest, newest.count == Self.longestChain {
      var others = others ?? [:]
      var link: Link? = newest
      while let current = link {
        others[current.position] = current.value
        link = current.next
      }
      self.others = others
      self.newest = nil
    }
    newest = Link(position, value, next: newest)
    return self
  }
}

extension JinjaValue {
  /// nil for lists and dicts.
  @inline(__always)
  var scalar: Value? {
    switch self {
    case .null: return .null
    case .bool(let flag): return .bool(flag)
    case .int(let number): return .int(number)
    case .bigInt(let number): return .integer(number)
    case .double(let number): return .double(number)
    case .string(let text): return .string(text)
    case .list, .dict: return nil
    }
  }
}
