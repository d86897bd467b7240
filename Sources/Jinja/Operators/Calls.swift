/// Jinja: calling values, and what has a length.

extension Run {
  func call(_ value: Value, _ arguments: Arguments) throws(JinjaError) -> Value {
    try step()
    switch value {
    case .object(let object): return try object.call(arguments, self)
    case .undefined(let undefined): throw failure(.undefined, undefined.message)
    default: throw failure(.type, "'\(value.typeName)' object is not callable")
    }
  }

  /// `len()` where it needs no iteration; nil where Python has none.
  func knownLength(_ value: Value) -> Int? {
    switch value {
    case .list(let list): return list.items.count
    case .tuple(let tuple): return tuple.items.count
    case .dict(let dict): return dict.count
    case .string(let text), .markup(let text): return text.scalarCount
    case .undefined: return 0
    case .object(let object): return object.length
    default: return nil
    }
  }

  func length(_ value: Value) throws(JinjaError) -> Int {
    if case .undefined(let undefined) = value { try refuseIfStrict(undefined) }
    if case .object(let object) = value, let loop = object as? LoopObject {
      return try loop.length(self)
    }
    if let text = value.text { try work(text.utf8.count / 64) }
    guard let length = knownLength(value) else {
      throw failure(.type, "object of type '\(value.typeName)' has no len()")
    }
    return length
  }

  func isCallable(_ value: Value) -> Bool {
    switch value {
    case .object(let object): return object.isCallable
    case .undefined: return true
    default: return false
    }
  }
}
