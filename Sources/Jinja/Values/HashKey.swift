/// Jinja: what a value is as a key of a dict: 1, 1.0 and True are one key, as in Python.

private import Glibc

enum HashKey: Hashable {
  case null
  case int(Int)
  case big(BigInt)
  case double(Double)
  case text(Text)
  case tuple([HashKey])
  case undefined
  case object(ObjectIdentifier)

  /// Equality of text by code points; Swift's own takes composed and decomposed letters as equal.
  struct Text: Hashable {
    let string: String

    static func == (a: Text, b: Text) -> Bool { sameText(a.string, b.string) }
    func hash(into hasher: inout Hasher) { string.hash(into: &hasher) }
  }
}

func sameText(_ a: String, _ b: String) -> Bool {
  a.utf8.count == b.utf8.count && textOrder(a, b) == 0
}

/// Below, at or above zero by code points, which is the order of the bytes of UTF-8.
func textOrder(_ a: String, _ b: String) -> Int {
  a.utf8.span.withUnsafeBufferPointer { a in
    b.utf8.span.withUnsafeBufferPointer { b in
      let count = min(a.count, b.count)
      if count > 0, let x = a.baseAddress, let y = b.baseAddress {
        let order = memcmp(x, y, count)
        if order != 0 { return order < 0 ? -1 : 1 }
      }
      return a.count - b.count
    }
  }
}

extension Run {
  func key(_ value: Value) throws(JinjaError) -> HashKey {
    switch value {
    case .missing, .undefined: return .undefined
    case .null: return .null
    case .bool(let flag): return .int(flag ? 1 : 0)
    case .int(let number): return .int(number)
    case .big(let number): return .big(number)
    case .double(let number):
      if let whole = Int(exactly: number) { return .int(whole) }
      if number.isFinite, number == number.rounded(), let big = BigInt(truncating: number) {
        return .big(big)
      }
      return .double(number)
    case .string(let text), .markup(let text): return .text(.init(string: text))
    case .list, .dict: throw failure(.type, "unhashable type: '\(value.typeName)'")
    case .tuple(let tuple):
      try enter(4)
      defer { leave(4) }
      var keys: [HashKey] = []
      for item in tuple.items {
        try step()
        keys.append(try key(item))
      }
      return .tuple(keys)
    case .object(let object):
      if let range = object as? RangeObject {
        return .tuple([.int(range.start), .int(range.count), .int(range.step)])
      }
      return .object(ObjectIdentifier(object))
    }
  }
}
