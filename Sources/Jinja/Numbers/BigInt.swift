/// Jinja: whole numbers beyond 64 bits, as Python has them.

/// Sign and magnitude, 32 bits a limb, least significant first, no leading zero limbs.
package struct BigInt: Sendable, Hashable {
  var limbs: [UInt32]
  var isNegative: Bool

  init(limbs: [UInt32], isNegative: Bool) {
    var limbs = limbs
    while limbs.last == 0 { limbs.removeLast() }
    self.limbs = limbs
    self.isNegative = isNegative && !limbs.isEmpty
  }

  package init(_ value: Int) {
    let magnitude = value.magnitude
    self.init(
      limbs: [UInt32(truncatingIfNeeded: magnitude), UInt32(truncatingIfNeeded: magnitude >> 32)],
      isNegative: value < 0)
  }

  /// The whole part of a finite number, exactly; nil for infinities and NaN.
  init?(truncating value: Double) {
    guard value.isFinite else { return nil }
    let whole = value.rounded(.towardZero)
    guard whole != 0 else {
      self.init(0)
      return
    }
    let exponent = Int(whole.exponent)
    let significand = UInt64(whole.significandBitPattern) | (1 << 52)
    var result = BigInt(
      limbs: [
        UInt32(truncatingIfNeeded: significand), UInt32(truncatingIfNeeded: significand >> 32),
      ],
      isNegative: false)
    result =
      exponent >= 52 ? result.shiftedLeft(exponent - 52) : result.shiftedRight(52 - exponent)
    result.isNegative = whole < 0
    self = result
  }

  var isZero: Bool { limbs.isEmpty }

  /// The same number as a machine integer, where it fits.
  package var int: Int? {
    guard limbs.count <= 2 else { return nil }
    var magnitude: UInt = 0
    for (index, limb) in limbs.enumerated() { magnitude |= UInt(limb) << UInt(32 * index) }
    if !isNegative { return Int(exactly: magnitude) }
    if magnitude == UInt(Int.max) + 1 { return Int.min }
    guard let positive = Int(exactly: magnitude) else { return nil }
    return -positive
  }

  var bitWidth: Int {
    guard let top = limbs.last else { return 0 }
    return limbs.count * 32 - top.leadingZeroBitCount
  }

  var negated: BigInt { BigInt(limbs: limbs, isNegative: !isNegative) }

  func shiftedLeft(_ count: Int) -> BigInt {
    guard count > 0, !isZero else { return self }
    let (whole, bits) = (count / 32, UInt64(count % 32))
    var result = [UInt32](repeating: 0, count: whole)
    var carry: UInt64 = 0
    for limb in limbs {
      let wide = (UInt64(limb) << bits) | carry
      result.append(UInt32(truncatingIfNeeded: wide))
      carry = wide >> 32
    }
    result.append(UInt32(truncatingIfNeeded: carry))
    return BigInt(limbs: result, isNegative: isNegative)
  }

  /// Shifts the magnitude; bits that fall off are lost.
  func shiftedRight(_ count: Int) -> BigInt {
    let whole = count / 32
    guard count > 0, whole < limbs.count else { return count > 0 ? BigInt(0) : self }
    let bits = UInt64(count % 32)
    var result: [UInt32] = []
    for index in whole..<limbs.count {
      let high = index + 1 < limbs.count ? UInt64(limbs[index + 1]) << 32 : 0
      result.append(UInt32(truncatingIfNeeded: (high | UInt64(limbs[index])) >> bits))
    }
    return BigInt(limbs: result, isNegative: isNegative)
  }
}
