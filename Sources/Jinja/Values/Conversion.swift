/// Jinja: between the values of the caller and the values of a running template.

extension Run {
  /// One level at a time: what is inside a dict is converted when it is asked for.
  func value(_ value: JinjaValue) -> Value {
    switch value {
    case .list(let items): return .list(ListObject(given: items, self))
    case .dict(let pairs): return .dict(DictObject(pairs, self))
    default: return value.scalar ?? .null
    }
  }

  /// What an expression answers to its caller: tuples and iterators become lists, undefined none.
  func exported(_ value: Value) throws(JinjaError) -> JinjaValue {
    switch value {
    case .missing, .undefined, .null: return .null
    case .bool(let flag): return .bool(flag)
    case .int(let number): return .int(number)
    case .big(let number): return .bigInt(number)
    case .double(let number): return .double(number)
    case .string(let text), .markup(let text): return .string(text)
    case .dict(let dict):
      try enter(4)
      defer { leave(4) }
      var result = JinjaDictionary()
      for index in 0..<dict.count {
        try step()
        result[try string(dict.keys[index])] = try exported(dict.values[index])
      }
      return .dict(result)
    case .list, .tuple, .object:
      guard try cursorIfIterable(value) != nil else { return .string(try string(value)) }
      try enter(4)
      defer { leave(4) }
      var result: [JinjaValue] = []
      for item in try array(value) {
        try step()
        result.append(try exported(item))
      }
      return .list(result)
    }
  }
}
