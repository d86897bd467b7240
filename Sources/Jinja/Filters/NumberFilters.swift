/// Jinja: filters for numbers.

private import Glibc

extension Filters {
  static func abs(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try none(arguments, "abs", run)
    switch value {
    case .double(let number): return .double(number.magnitude)
    case .undefined(let undefined):
      throw run.failure(.type, "bad operand type for abs(): \(undefined.message)")
    default:
      guard case .whole(let number) = Number(value) else {
        throw run.failure(.type, "bad operand type for abs(): '\(value.typeName)'")
      }
      return .integer(BigInt(limbs: number.limbs, isNegative: false))
    }
  }

  static func int(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(["default", "base"], for: "filter 'int'", run)
    let otherwise = bound[0] ?? .int(0)
    let base = try run.whole(bound[1], otherwise: 10)
    try run.refuseUndefined(value)
    if let text = value.text {
      guard base == 0 || (2...36).contains(base) else { return try fromFloat(text, otherwise, run) }
      if let number = try run.parsedInteger(text, base: base) { return .integer(number) }
      return try fromFloat(text, otherwise, run)
    }
    switch value {
    case .double(let number):
      if number.isInfinite {
        throw run.failure(.overflow, "cannot convert float infinity to integer")
      }
      guard let whole = BigInt(truncating: number) else { return otherwise }
      return .integer(whole)
    case .int, .big, .bool: return try run.unaryPlus(value)
    default: return otherwise
    }
  }

  /// `"42.23"|int` is 42.
  private static func fromFloat(
    _ text: String, _ otherwise: Value, _ run: Run
  ) throws(JinjaError) -> Value {
    guard let number = run.parsedDouble(text), let whole = BigInt(truncating: number) else {
      return otherwise
    }
    return .integer(whole)
  }

  static func float(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(["default"], for: "filter 'float'", run)
    try run.refuseUndefined(value)
    if let text = value.text {
      return run.parsedDouble(text).map { .double($0) } ?? bound[0] ?? .double(0)
    }
    if let number = Number(value) { return .double(try run.double(number)) }
    return bound[0] ?? .double(0)
  }

  static func round(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(["precision", "method"], for: "filter 'round'", run)
    let method = try bound[1].map { (name) throws(JinjaError) in try run.string(name) } ?? "common"
    guard ["common", "ceil", "floor"].contains(method) else {
      throw run.failure(.argument, "method must be common, ceil or floor")
    }
    let precision = bound[0] ?? .int(0)
    if method != "common" { try run.refuseUndefined(value) }
    guard let number = Number(value) else {
      throw run.failure(
        .type, "type \(value.typeName) doesn't define __round__ method")
    }
    if method == "common" {
      let places = precision.isNone ? 0 : try run.whole(precision)
      switch number {
      case .whole(let whole):
        return .integer(try run.rounded(whole, places: places))
      case .double(let real):
        if precision.isNone {
          guard let whole = BigInt(truncating: real.rounded(.toNearestOrEven)) else {
            throw run.failure(.value, "cannot convert float to integer")
          }
          return .integer(whole)
        }
        return .double(try run.rounded(real, places: places))
      }
    }
    let factor = try run.arithmetic(.power, .int(10), precision)
    let scaled = try run.double(try run.number(try run.arithmetic(.multiply, value, factor)))
    guard scaled.isFinite else {
      throw run.failure(
        scaled.isNaN ? .value : .overflow, "cannot convert float to integer")
    }
    let whole = BigInt(truncating: scaled.rounded(method == "ceil" ? .up : .down)) ?? BigInt(0)
    return try run.arithmetic(.divide, .integer(whole), factor)
  }

  static func filesizeformat(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    let bound = try arguments.bind(["binary"], for: "filter 'filesizeformat'", run)
    let isBinary = try run.flag(bound[0])
    try run.refuseUndefined(value)
    let bytes: Double
    if let text = value.text {
      guard let number = run.parsedDouble(text) else {
        throw run.failure(.value, "could not convert string to float: \(quoted(text))")
      }
      bytes = number
    } else {
      bytes = try run.double(try run.number(value))
    }
    let base: Double = isBinary ? 1024 : 1000
    if bytes == 1 { return .string("1 Byte") }
    if bytes < base {
      guard let whole = BigInt(truncating: bytes) else {
        throw run.failure(.value, "cannot convert float to integer")
      }
      return .string("\(whole) Bytes")
    }
    var unit = base
    for (index, prefix) in ["k", "M", "G", "T", "P", "E", "Z", "Y"].enumerated() {
      unit *= base
      guard bytes < unit || index == 7 else { continue }
      let name = isBinary ? (prefix == "k" ? "K" : prefix) + "iB" : prefix + "B"
      let amount = base * bytes / unit
      guard amount.isFinite else { return .string("\(floatText(amount)) \(name)") }
      return .string("\(fixedText(amount, places: 1)) \(name)")
    }
    return .string("")
  }

  static func random(
    _ run: Run, _ value: Value, _ arguments: Arguments
  ) throws(JinjaError) -> Value {
    try none(arguments, "random", run)
    let count = try run.length(value)
    guard count > 0 else {
      return .undefined(Undefined("No random item, sequence was empty."))
    }
    let item = try run.item(.int(Int.random(in: 0..<count)), of: value)
    if item.isUndefined { throw run.failure(.lookup, "random needs a sequence") }
    return item
  }
}

extension Run {
  func number(_ value: Value) throws(JinjaError) -> Number {
    try refuseUndefined(value)
    guard let number = Number(value) else {
      throw failure(.type, "must be real number, not \(value.typeName)")
    }
    return number
  }

  /// `int(text, base)`: space around, a sign, a prefix, single underscores.
  func parsedInteger(_ text: String, base: Int) throws(JinjaError) -> BigInt? {
    var bytes = Array(stripped(text, nil).utf8)[...]
    let isNegative = bytes.first == 45
    if isNegative || bytes.first == 43 { bytes.removeFirst() }
    var radix = base
    if bytes.count > 2, bytes.first == 48 {
      let letter = bytes[bytes.startIndex + 1] | 0x20
      let prefixed: [UInt8: Int] = [98: 2, 111: 8, 120: 16]
      if let marked = prefixed[letter], base == 0 || base == marked {
        radix = marked
        bytes = bytes.dropFirst(2)
        if bytes.first == 95 { bytes.removeFirst() }
      }
    }
    if base == 0, radix == 0 {
      // Without a prefix, a zero in front is only allowed for zero itself.
      radix = 10
      if bytes.first == 48, bytes.contains(where: { $0 != 48 && $0 != 95 }) { return nil }
    }
    guard bytes.count <= 4300 else { return nil }
    var digits: [UInt8] = []
    var previous: UInt8 = 95
    for byte in bytes {
      if byte == 95 {
        guard previous != 95 else { return nil }
      } else {
        digits.append(byte)
      }
      previous = byte
    }
    guard previous != 95 else { return nil }
    try work(digits.count * digits.count / 16)
    let value = BigInt(digits: digits, radix: UInt32(radix))
    if let value, value.bitWidth > limits.integerBits + 400 { return nil }
    return isNegative ? value?.negated : value
  }

  /// `float(text)`.
  func parsedDouble(_ text: String) -> Double? {
    var bytes: [UInt8] = []
    var previous: UInt8 = 95
    let source = Array(stripped(text, nil).utf8)
    guard source.count <= 10_000 else { return nil }
    for (index, byte) in source.enumerated() {
      if byte == 95 {
        // Between digits only.
        guard (48...57).contains(previous), index + 1 < source.count,
          (48...57).contains(source[index + 1])
        else { return nil }
      } else {
        bytes.append(byte)
      }
      previous = byte
    }
    let plain = String(decoding: bytes, as: UTF8.self)
    let unsigned = lowercased(
      plain.hasPrefix("-") || plain.hasPrefix("+") ? String(plain.dropFirst()) : plain)
    switch unsigned {
    case "inf", "infinity": return plain.hasPrefix("-") ? -.infinity : .infinity
    case "nan": return .nan
    default: break
    }
    // Swift also reads hexadecimal numbers and payloads of NaN; Python does not.
    for byte in bytes {
      switch byte {
      case 48...57, 43, 45, 46, 69, 101: continue
      default: return nil
      }
    }
    guard let first = unsigned.utf8.first, (48...57).contains(first) || first == 46 else {
      return nil
    }
    return bytes.contains { (48...57).contains($0) } ? Double(normalized(bytes)) : nil
  }

  /// Swift wants digits on both sides of the point.
  private func normalized(_ bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    for (index, byte) in bytes.enumerated() {
      let isDigitBefore = index > 0 && (48...57).contains(bytes[index - 1])
      let isDigitAfter = index + 1 < bytes.count && (48...57).contains(bytes[index + 1])
      if byte == 46, !isDigitBefore { result.append(48) }
      result.append(byte)
      if byte == 46, !isDigitAfter { result.append(48) }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// `round(number, places)` for whole numbers: halves to even.
  func rounded(_ number: BigInt, places: Int) throws(JinjaError) -> BigInt {
    guard places < 0 else { return number }
    guard places > -5_000 else { return BigInt(0) }
    let unit = powerOfTen(-places)
    try work(1 + number.limbs.count * unit.limbs.count)
    guard let (quotient, rest) = number.dividedMagnitude(by: unit) else { return number }
    let twice = rest.shiftedLeft(1)
    let isOdd = (quotient.limbs.first ?? 0) & 1 == 1
    let roundsUp = twice > unit || twice == unit && isOdd
    let result = (roundsUp ? quotient + BigInt(1) : quotient) * unit
    return number.isNegative ? result.negated : result
  }

  func rounded(_ number: Double, places: Int) throws(JinjaError) -> Double {
    guard number.isFinite, number != 0, places < 330 else { return number }
    guard places > -310 else { return number.sign == .minus ? -0.0 : 0 }
    let digits = roundedDigits(number, places: places)
    let text = String(decoding: digits, as: UTF8.self) + "e\(-places)"
    guard let result = Double(text), result.isFinite else {
      throw failure(.overflow, "rounded value too large to represent")
    }
    return number.sign == .minus ? -result : result
  }
}
