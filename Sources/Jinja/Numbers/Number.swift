/// Jinja: a value as a number, where it is one.

enum Number {
  case whole(BigInt)
  case double(Double)

  /// True and False are 1 and 0.
  init?(_ value: Value) {
    switch value {
    case .bool(let flag): self = .whole(BigInt(flag ? 1 : 0))
    case .int(let number): self = .whole(BigInt(number))
    case .big(let number): self = .whole(number)
    case .double(let number): self = .double(number)
    default: return nil
    }
  }
}

extension Run {
  /// An index; nil for what is no whole number. Numbers beyond 64 bits stop at the ends.
  func index(_ value: Value) -> Int? {
    switch value {
    case .int(let number): return number
    case .bool(let flag): return flag ? 1 : 0
    case .big(let number): return number.isNegative ? .min : .max
    default: return nil
    }
  }

  /// A whole number that fits 64 bits.
  func whole(_ value: Value) throws(JinjaError) -> Int {
    try refuseUndefined(value)
    switch value {
    case .int(let number): return number
    case .bool(let flag): return flag ? 1 : 0
    case .big: throw failure(.overflow, "Python int too large to convert to C ssize_t")
    default:
      throw failure(
        .type, "'\(value.typeName)' object cannot be interpreted as an integer")
    }
  }
}
