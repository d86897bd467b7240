/// Jinja: `+ - * / // % **` with Python's rules for types, rounding and overflow.

private import Glibc

extension Run {
  func arithmetic(
    _ operation: Expression.Arithmetic, _ a: Value, _ b: Value
  ) throws(JinjaError) -> Value {
    if case .int(let x) = a, case .int(let y) = b, let fast = fast(operation, x, y) {
      return .int(fast)
    }
    try refuseUndefined(a)
    // `"%s" % undefined` is formatting, which decides for itself.
    if operation != .remainder || a.text == nil { try refuseUndefined(b) }
    if let x = Number(a), let y = Number(b) { return try numeric(operation, x, y) }
    switch operation {
    case .add: if let result = try sum(a, b) { return result }
    case .multiply:
      if let result = try repeated(a, times: b) { return result }
      if let result = try repeated(b, times: a) { return result }
    case .remainder:
      if let text = a.text { return try percentFormatted(text, isMarkup: a.isMarkup, b) }
    default: break
    }
    let name = operation == .power ? "** or pow()" : operation.rawValue
    throw failure(
      .type,
      "unsupported operand type(s) for \(name): '\(a.typeName)' and '\(b.typeName)'")
  }

  func refuseUndefined(_ value: Value) throws(JinjaError) {
    if case .undefined(let undefined) = value { throw failure(.undefined, undefined.message) }
  }

  private func fast(_ operation: Expression.Arithmetic, _ x: Int, _ y: Int) -> Int? {
    switch operation {
    case .add:
      let (result, overflow) = x.addingReportingOverflow(y)
      return overflow ? nil : result
    case .subtract:
      let (result, overflow) = x.subtractingReportingOverflow(y)
      return overflow ? nil : result
    case .multiply:
      let (result, overflow) = x.multipliedReportingOverflow(by: y)
      return overflow ? nil : result
    case .floorDivide:
      guard y > 0 else { return nil }
      return x >= 0 ? x / y : -1 - (-1 - x) / y
    case .remainder:
      guard y > 0 else { return nil }
      let rest = x % y
      return rest < 0 ? rest + y : rest
    case .divide, .power: return nil
    }
  }

  private func sum(_ a: Value, _ b: Value) throws(JinjaError) -> Value? {
    switch (a, b) {
    case (.string(let x), .string(let y)): return try textValue(x + y)
    case (.list(let x), .list(let y)):
      try allocate(x.items.count, times: 24)
      return try list(x.items + y.items)
    case (.tuple(let x), .tuple(let y)):
      try allocate(x.items.count, times: 24)
      return try tuple(x.items + y.items)
    default:
      guard let x = a.text, let y = b.text else { return nil }
      // One of them is marked safe: the other is escaped.
      try allocate((x.utf8.count + y.utf8.count), times: 6)
      return .markup(
        (a.isMarkup ? x : htmlEscaped(x)) + (b.isMarkup ? y : htmlEscaped(y)))
    }
  }

  private func repeated(_ value: Value, times: Value) throws(JinjaError) -> Value? {
    let count: Int
    switch times {
    case .int(let number): count = max(0, number)
    case .bool(let flag): count = flag ? 1 : 0
    case .big(let number): count = number.isNegative ? 0 : Int.max
    default: return nil
    }
    switch value {
    case .string(let text), .markup(let text):
      try allocate(count, times: text.utf8.count)
      let result = text.isEmpty ? "" : String(repeating: text, count: count)
      return value.isMarkup ? .markup(result) : .string(result)
    case .list(let list):
      return .list(ListObject(try repeated(list.items, count), self))
    case .tuple(let tuple):
      return .tuple(TupleObject(try repeated(tuple.items, count), self))
    default: return nil
    }
  }

  private func repeated(_ items: [Value], _ count: Int) throws(JinjaError) -> [Value] {
    guard !items.isEmpty else { return [] }
    try allocate(count, times: items.count * 24)
    var result: [Value] = []
    result.reserveCapacity(items.count * count)
    for _ in 0..<count { result += items }
    return result
  }

  // MARK: Numbers

  private func numeric(
    _ operation: Expression.Arithmetic, _ a: Number, _ b: Number
  ) throws(JinjaError) -> Value {
    if case .whole(let x) = a, case .whole(let y) = b { return try whole(operation, x, y) }
    let (x, y) = (try double(a), try double(b))
    switch operation {
    case .add: return .double(x + y)
    case .subtract: return .double(x - y)
    case .multiply: return .double(x * y)
    case .divide:
      guard y != 0 else { throw failure(.zeroDivision, "float division by zero") }
      return .double(x / y)
    case .floorDivide:
      guard y != 0 else { throw failure(.zeroDivision, "float floor division by zero") }
      return .double(floored(x, y).quotient)
    case .remainder:
      guard y != 0 else { throw failure(.zeroDivision, "float modulo") }
      return .double(floored(x, y).remainder)
    case .power: return .double(try power(x, y))
    }
  }

  /// CPython's `float_divmod`.
  private func floored(_ x: Double, _ y: Double) -> (quotient: Double, remainder: Double) {
    var remainder = fmod(x, y)
    var quotient = (x - remainder) / y
    if remainder != 0 {
      if (y < 0) != (remainder < 0) {
        remainder += y
        quotient -= 1
      }
    } else {
      remainder = Double(signOf: y, magnitudeOf: 0.0)
    }
    if quotient != 0 {
      var whole = quotient.rounded(.down)
      if quotient - whole > 0.5 { whole += 1 }
      quotient = whole
    } else {
      quotient = Double(signOf: x / y, magnitudeOf: 0.0)
    }
    return (quotient, remainder)
  }

  private func power(_ x: Double, _ y: Double) throws(JinjaError) -> Double {
    if x == 0, y < 0 {
      throw failure(.zeroDivision, "0.0 cannot be raised to a negative power")
    }
    if x < 0, x.isFinite, y.isFinite, y != y.rounded() {
      throw failure(.value, "A negative number to a broken power is a complex number.")
    }
    let result = pow(x, y)
    if result.isInfinite, x.isFinite, y.isFinite {
      throw failure(.overflow, "(34, 'Numerical result out of range')")
    }
    return result
  }

  func double(_ number: Number) throws(JinjaError) -> Double {
    switch number {
    case .double(let value): return value
    case .whole(let value):
      guard let result = value.double else {
        throw failure(.overflow, "int too large to convert to float")
      }
      return result
    }
  }

  private func whole(
    _ operation: Expression.Arithmetic, _ x: BigInt, _ y: BigInt
  ) throws(JinjaError) -> Value {
    switch operation {
    case .add: return .integer(try bounded(x + y))
    case .subtract: return .integer(try bounded(x - y))
    case .multiply:
      try bound(bits: x.bitWidth + y.bitWidth)
      try work(x.limbs.count * y.limbs.count)
      return .integer(x * y)
    case .divide:
      guard !y.isZero else { throw failure(.zeroDivision, "division by zero") }
      try work(x.limbs.count * y.limbs.count)
      guard let result = BigInt.trueQuotient(x, y) else {
        throw failure(.overflow, "integer division result too large for a float")
      }
      return .double(result)
    case .floorDivide, .remainder:
      try work(x.limbs.count * y.limbs.count)
      guard let (quotient, remainder) = x.flooredDivision(by: y) else {
        throw failure(.zeroDivision, "integer division or modulo by zero")
      }
      return .integer(operation == .remainder ? remainder : quotient)
    case .power:
      if y.isNegative { return .double(try power(try double(.whole(x)), try double(.whole(y)))) }
      return .integer(try power(x, y))
    }
  }

  private func power(_ x: BigInt, _ y: BigInt) throws(JinjaError) -> BigInt {
    if y.isZero { return BigInt(1) }
    if x.isZero || x == BigInt(1) { return x }
    if x == BigInt(-1) { return (y.limbs.first ?? 0) & 1 == 0 ? BigInt(1) : x }
    guard var exponent = y.int else { throw tooLarge }
    let (bits, overflow) = max(1, x.bitWidth - 1).multipliedReportingOverflow(by: exponent)
    guard !overflow else { throw tooLarge }
    try bound(bits: bits)
    var (result, base) = (BigInt(1), x)
    while exponent > 0 {
      try work(base.limbs.count * base.limbs.count)
      if exponent & 1 == 1 { result = result * base }
      exponent >>= 1
      if exponent > 0 { base = base * base }
    }
    return try bounded(result)
  }

  private var tooLarge: JinjaError {
    failure(.limit, "A whole number has more than \(limits.integerBits) bits; stopped.")
  }

  private func bound(bits: Int) throws(JinjaError) {
    if bits > limits.integerBits + 64 { throw tooLarge }
  }

  private func bounded(_ value: BigInt) throws(JinjaError) -> BigInt {
    try bound(bits: value.bitWidth)
    return value
  }

  func negated(_ value: Value) throws(JinjaError) -> Value {
    try refuseUndefined(value)
    switch value {
    case .double(let number): return .double(-number)
    case .int(let number) where number != .min: return .int(-number)
    default:
      guard case .whole(let number) = Number(value) else {
        throw failure(.type, "bad operand type for unary -: '\(value.typeName)'")
      }
      return .integer(number.negated)
    }
  }

  func unaryPlus(_ value: Value) throws(JinjaError) -> Value {
    try refuseUndefined(value)
    switch value {
    case .double, .int, .big: return value
    case .bool(let flag): return .int(flag ? 1 : 0)
    default: throw failure(.type, "bad operand type for unary +: '\(value.typeName)'")
    }
  }
}
