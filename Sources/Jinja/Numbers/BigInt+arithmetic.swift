/// Jinja: adding, multiplying and dividing whole numbers beyond 64 bits.

extension BigInt: Comparable {
  static func compareMagnitudes(_ a: [UInt32], _ b: [UInt32]) -> Int {
    if a.count != b.count { return a.count < b.count ? -1 : 1 }
    for index in a.indices.reversed() where a[index] != b[index] {
      return a[index] < b[index] ? -1 : 1
    }
    return 0
  }

  package static func < (a: BigInt, b: BigInt) -> Bool {
    if a.isNegative != b.isNegative { return a.isNegative }
    let order = compareMagnitudes(a.limbs, b.limbs)
    return a.isNegative ? order > 0 : order < 0
  }

  private static func addMagnitudes(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    result.reserveCapacity(max(a.count, b.count) + 1)
    var carry: UInt64 = 0
    for index in 0..<max(a.count, b.count) {
      let sum =
        (index < a.count ? UInt64(a[index]) : 0) + (index < b.count ? UInt64(b[index]) : 0) + carry
      result.append(UInt32(truncatingIfNeeded: sum))
      carry = sum >> 32
    }
    result.append(UInt32(truncatingIfNeeded: carry))
    return result
  }

  /// Needs a ≥ b.
  private static func subtractMagnitudes(_ a: [UInt32], _ b: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    result.reserveCapacity(a.count)
    var borrow: Int64 = 0
    for index in a.indices {
      var difference = Int64(a[index]) - (index < b.count ? Int64(b[index]) : 0) - borrow
      borrow = difference < 0 ? 1 : 0
      if difference < 0 { difference += 1 << 32 }
      result.append(UInt32(truncatingIfNeeded: difference))
    }
    return result
  }

  static func + (a: BigInt, b: BigInt) -> BigInt {
    if a.isNegative == b.isNegative {
      return BigInt(limbs: addMagnitudes(a.limbs, b.limbs), isNegative: a.isNegative)
    }
    if compareMagnitudes(a.limbs, b.limbs) >= 0 {
      return BigInt(limbs: subtractMagnitudes(a.limbs, b.limbs), isNegative: a.isNegative)
    }
    return BigInt(limbs: subtractMagnitudes(b.limbs, a.limbs), isNegative: b.isNegative)
  }

  static func - (a: BigInt, b: BigInt) -> BigInt { a + b.negated }

  static func * (a: BigInt, b: BigInt) -> BigInt {
    guard !a.isZero, !b.isZero else { return BigInt(0) }
    var result = [UInt32](repeating: 0, count: a.limbs.count + b.limbs.count)
    for (offset, left) in a.limbs.enumerated() {
      var carry: UInt64 = 0
      for (index, right) in b.limbs.enumerated() {
        // (2^32-1)^2 + 2(2^32-1) is 2^64-1: this can't overflow.
        let wide = UInt64(left) * UInt64(right) + UInt64(result[offset + index]) + carry
        result[offset + index] = UInt32(truncatingIfNeeded: wide)
        carry = wide >> 32
      }
      result[offset + b.limbs.count] = UInt32(truncatingIfNeeded: carry)
    }
    return BigInt(limbs: result, isNegative: a.isNegative != b.isNegative)
  }

  /// Divides the magnitude by a small number in place and answers the remainder.
  mutating func divideMagnitude(by divisor: UInt32) -> UInt32 {
    guard divisor != 0 else { return 0 }
    var remainder: UInt64 = 0
    for index in limbs.indices.reversed() {
      let wide = (remainder << 32) | UInt64(limbs[index])
      limbs[index] = UInt32(truncatingIfNeeded: wide / UInt64(divisor))
      remainder = wide % UInt64(divisor)
    }
    while limbs.last == 0 { limbs.removeLast() }
    return UInt32(truncatingIfNeeded: remainder)
  }

  /// Quotient towards zero and remainder of the magnitudes; nil where the divisor is zero.
  func dividedMagnitude(by divisor: BigInt) -> (quotient: BigInt, remainder: BigInt)? {
    guard !divisor.isZero else { return nil }
    let a = BigInt(limbs: limbs, isNegative: false)
    let b = BigInt(limbs: divisor.limbs, isNegative: false)
    if a < b { return (BigInt(0), a) }
    if b.limbs.count == 1 {
      var quotient = a
      let remainder = quotient.divideMagnitude(by: b.limbs[0])
      return (quotient, BigInt(Int(remainder)))
    }
    // Knuth, The Art of Computer Programming 4.3.1, algorithm D.
    let shift = (b.limbs.last ?? 1).leadingZeroBitCount
    let v = b.shiftedLeft(shift).limbs
    var u = a.shiftedLeft(shift).limbs
    while u.count <= a.limbs.count { u.append(0) }
    let n = v.count
    var quotient = [UInt32](repeating: 0, count: u.count - n)
    for j in stride(from: u.count - n - 1, through: 0, by: -1) {
      let top = (UInt64(u[j + n]) << 32) | UInt64(u[j + n - 1])
      var guess = top / UInt64(v[n - 1])
      var rest = top % UInt64(v[n - 1])
      while guess >= 1 << 32 || guess * UInt64(v[n - 2]) > ((rest << 32) | UInt64(u[j + n - 2])) {
        guess -= 1
        rest += UInt64(v[n - 1])
        if rest >= 1 << 32 { break }
      }
      var borrow: Int64 = 0
      var carry: UInt64 = 0
      for i in 0..<n {
        let product = guess * UInt64(v[i]) + carry
        carry = product >> 32
        let difference = Int64(u[i + j]) - borrow - Int64(product & 0xFFFF_FFFF)
        u[i + j] = UInt32(truncatingIfNeeded: difference)
        borrow = difference < 0 ? 1 : 0
      }
      let difference = Int64(u[j + n]) - borrow - Int64(carry)
      u[j + n] = UInt32(truncatingIfNeeded: difference)
      if difference < 0 {
        guess -= 1
        var carry: UInt64 = 0
        for i in 0..<n {
          let sum = UInt64(u[i + j]) + UInt64(v[i]) + carry
          u[i + j] = UInt32(truncatingIfNeeded: sum)
          carry = sum >> 32
        }
        u[j + n] = UInt32(truncatingIfNeeded: UInt64(u[j + n]) + carry)
      }
      quotient[j] = UInt32(truncatingIfNeeded: guess)
    }
    let remainder = BigInt(limbs: Array(u.prefix(n)), isNegative: false).shiftedRight(shift)
    return (BigInt(limbs: quotient, isNegative: false), remainder)
  }

  /// Python's `//` and `%`: the quotient is rounded down, the remainder has the divisor's sign.
  func flooredDivision(by divisor: BigInt) -> (quotient: BigInt, remainder: BigInt)? {
    guard let (magnitude, rest) = dividedMagnitude(by: divisor) else { return nil }
    if isNegative == divisor.isNegative {
      return (magnitude, divisor.isNegative ? rest.negated : rest)
    }
    if rest.isZero { return (magnitude.negated, rest) }
    let remainder = BigInt(limbs: divisor.limbs, isNegative: false) - rest
    return (
      (magnitude + BigInt(1)).negated, divisor.isNegative ? remainder.negated : remainder
    )
  }
}
