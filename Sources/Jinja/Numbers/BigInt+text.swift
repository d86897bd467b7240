/// Jinja: whole numbers beyond 64 bits to and from digits and floating point.

extension BigInt: CustomStringConvertible {
  package init?(_ text: String) {
    var digits = Substring(text)
    let isNegative = digits.first == "-"
    if isNegative || digits.first == "+" { digits.removeFirst() }
    guard let value = BigInt(digits: digits.utf8, radix: 10) else { return nil }
    self = isNegative ? value.negated : value
  }

  init?(digits: some Sequence<UInt8>, radix: UInt32) {
    var limbs: [UInt32] = []
    var count = 0
    for byte in digits {
      guard let digit = digitValue(byte), digit < radix else { return nil }
      count += 1
      var carry = UInt64(digit)
      for index in limbs.indices {
        let wide = UInt64(limbs[index]) * UInt64(radix) + carry
        limbs[index] = UInt32(truncatingIfNeeded: wide)
        carry = wide >> 32
      }
      if carry != 0 { limbs.append(UInt32(truncatingIfNeeded: carry)) }
    }
    guard count > 0 else { return nil }
    self.init(limbs: limbs, isNegative: false)
  }

  package var description: String { digits(radix: 10, isUppercase: false) }

  func digits(radix: UInt32, isUppercase: Bool) -> String {
    if isZero { return "0" }
    // As many digits at a time as fit in a limb.
    var (chunk, width) = (radix, 1)
    while UInt64(chunk) * UInt64(radix) <= UInt64(UInt32.max) {
      chunk *= radix
      width += 1
    }
    var rest = self
    var reversed: [UInt8] = []
    while !rest.isZero {
      var part = rest.divideMagnitude(by: chunk)
      for _ in 0..<width {
        let digit = UInt8(truncatingIfNeeded: part % radix)
        reversed.append(digit < 10 ? 48 + digit : (isUppercase ? 55 : 87) + digit)
        part /= radix
        if part == 0, rest.isZero { break }
      }
    }
    while reversed.count > 1, reversed.last == 48 { reversed.removeLast() }
    if isNegative { reversed.append(45) }
    return String(decoding: reversed.reversed(), as: UTF8.self)
  }

  /// The nearest double, halves to even; nil where it is too large.
  var double: Double? {
    let width = bitWidth
    if width <= 64 {
      var magnitude: UInt64 = 0
      for (index, limb) in limbs.enumerated() { magnitude |= UInt64(limb) << UInt64(32 * index) }
      return isNegative ? -Double(magnitude) : Double(magnitude)
    }
    guard width <= 1024 else { return nil }
    // 64 significant bits; the last one is sticky, so that rounding sees what was cut off.
    let cut = width - 64
    let top = shiftedRight(cut)
    var magnitude: UInt64 = 0
    for (index, limb) in top.limbs.enumerated() { magnitude |= UInt64(limb) << UInt64(32 * index) }
    if top.shiftedLeft(cut).limbs != limbs { magnitude |= 1 }
    let value = Double(sign: .plus, exponent: cut, significand: Double(magnitude))
    guard value.isFinite else { return nil }
    return isNegative ? -value : value
  }

  /// Python's `/` for whole numbers: the double nearest to the true quotient.
  static func trueQuotient(_ a: BigInt, _ b: BigInt) -> Double? {
    guard !b.isZero else { return nil }
    if a.isZero { return b.isNegative ? -0.0 : 0 }
    // Scale so that the quotient has 66 bits or more, then let a sticky bit speak for the rest.
    let shift = max(0, 66 + b.bitWidth - a.bitWidth)
    guard let (quotient, rest) = a.shiftedLeft(shift).dividedMagnitude(by: b) else { return nil }
    var scaled = quotient
    if !rest.isZero, !scaled.limbs.isEmpty { scaled.limbs[0] |= 1 }
    let cut = max(0, scaled.bitWidth - 64)
    let top = scaled.shiftedRight(cut)
    var magnitude: UInt64 = 0
    for (index, limb) in top.limbs.enumerated() { magnitude |= UInt64(limb) << UInt64(32 * index) }
    if top.shiftedLeft(cut).limbs != scaled.limbs { magnitude |= 1 }
    let value = Double(sign: .plus, exponent: cut - shift, significand: Double(magnitude))
    guard value.isFinite else { return nil }
    return a.isNegative != b.isNegative ? -value : value
  }
}

/// The value of an ASCII digit or letter, for radixes up to 36.
func digitValue(_ byte: UInt8) -> UInt32? {
  switch byte {
  case 48...57: return UInt32(byte) - 48
  case 65...90: return UInt32(byte) - 55
  case 97...122: return UInt32(byte) - 87
  default: return nil
  }
}
