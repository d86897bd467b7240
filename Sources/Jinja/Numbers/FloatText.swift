/// Jinja: floating-point numbers as text, exactly as Python prints them.

/// The shortest digits that read back as the same number, and where the point stands:
/// the value is 0.DIGITS × 10^point.
func shortestDigits(_ value: Double) -> (digits: [UInt8], point: Int) {
  var digits: [UInt8] = []
  var point = 0
  var sawPoint = false
  var exponent = 0
  var text = Array(value.magnitude.description.utf8)[...]
  if let mark = text.firstIndex(of: UInt8(ascii: "e")) {
    exponent = Int(String(decoding: text[(mark + 1)...], as: UTF8.self)) ?? 0
    text = text[..<mark]
  }
  for byte in text {
    if byte == UInt8(ascii: ".") {
      sawPoint = true
      continue
    }
    if digits.isEmpty, byte == 48 {
      if sawPoint { point -= 1 }
      continue
    }
    digits.append(byte)
    if !sawPoint { point += 1 }
  }
  while digits.last == 48 { digits.removeLast() }
  return (digits, point + exponent)
}

/// `repr(float)`.
func floatText(_ value: Double) -> String {
  if value.isNaN { return "nan" }
  let sign = value.sign == .minus ? "-" : ""
  if value.isInfinite { return sign + "inf" }
  if value == 0 { return sign + "0.0" }
  let (digits, point) = shortestDigits(value)
  return sign + decimalText(digits, point: point, usesExponent: point > 16 || point < -3)
}

/// Digits with a point, or with one digit before it and an exponent.
func decimalText(
  _ digits: [UInt8], point: Int, usesExponent: Bool, keepsPoint: Bool = true
) -> String {
  var result: [UInt8] = []
  let dot = UInt8(ascii: ".")
  if usesExponent {
    result.append(digits.first ?? 48)
    if digits.count > 1 {
      result.append(dot)
      result += digits.dropFirst()
    }
    result += exponentText(point - 1).utf8
  } else if point <= 0 {
    result += [48, dot] + [UInt8](repeating: 48, count: -point) + digits
  } else if point >= digits.count {
    result += digits + [UInt8](repeating: 48, count: point - digits.count)
    if keepsPoint { result += [dot, 48] }
  } else {
    result += digits[..<point] + [dot] + digits[point...]
  }
  return String(decoding: result, as: UTF8.self)
}

func exponentText(_ exponent: Int, mark: String = "e") -> String {
  let digits = String(exponent.magnitude)
  return mark + (exponent < 0 ? "-" : "+") + (digits.utf8.count < 2 ? "0" : "") + digits
}

/// The number rounded to so many digits behind the point, halves to even, exactly.
/// `places` may be negative. Answers the digits of |value| × 10^places.
func roundedDigits(_ value: Double, places: Int) -> [UInt8] {
  guard value.isFinite, value != 0 else { return [48] }
  let exponent = Int(value.exponent) - 52
  let isNormal = value.magnitude >= Double.leastNormalMagnitude
  let significand = UInt64(value.significandBitPattern) | (isNormal ? 1 << 52 : 0)
  let binary = isNormal ? exponent : -1074
  var numerator = BigInt(
    limbs: [
      UInt32(truncatingIfNeeded: significand), UInt32(truncatingIfNeeded: significand >> 32),
    ],
    isNegative: false)
  var denominator = BigInt(1)
  if binary > 0 {
    numerator = numerator.shiftedLeft(binary)
  } else {
    denominator = denominator.shiftedLeft(-binary)
  }
  let scale = powerOfTen(Int(places.magnitude))
  if places >= 0 { numerator = numerator * scale } else { denominator = denominator * scale }
  guard var (quotient, rest) = numerator.dividedMagnitude(by: denominator) else { return [48] }
  let twice = rest.shiftedLeft(1)
  let isOdd = (quotient.limbs.first ?? 0) & 1 == 1
  if twice > denominator || twice == denominator && isOdd { quotient = quotient + BigInt(1) }
  rest = BigInt(0)
  return Array(quotient.description.utf8)
}

func powerOfTen(_ exponent: Int) -> BigInt {
  var (result, base, rest) = (BigInt(1), BigInt(10), exponent)
  while rest > 0 {
    if rest & 1 == 1 { result = result * base }
    rest >>= 1
    if rest > 0 { base = base * base }
  }
  return result
}

/// `%.Nf`: fixed point with so many places. `places` is bounded by the caller.
func fixedText(_ value: Double, places: Int) -> String {
  var digits = roundedDigits(value, places: places)
  if digits.count <= places {
    digits = [UInt8](repeating: 48, count: places + 1 - digits.count) + digits
  }
  guard places > 0 else { return String(decoding: digits, as: UTF8.self) }
  let point = digits.count - places
  return String(decoding: digits[..<point] + [UInt8(ascii: ".")] + digits[point...], as: UTF8.self)
}

/// So many significant digits, rounded exactly, and the decimal exponent of the first.
func significantDigits(_ value: Double, count: Int) -> (digits: [UInt8], exponent: Int) {
  guard value != 0 else { return ([UInt8](repeating: 48, count: count), 0) }
  var exponent = shortestDigits(value).point - 1
  var digits = roundedDigits(value, places: count - 1 - exponent)
  if digits.count > count {
    exponent += 1
    digits = roundedDigits(value, places: count - 1 - exponent)
  }
  return (digits, exponent)
}
