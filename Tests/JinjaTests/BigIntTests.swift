/// JinjaTests: whole numbers beyond 64 bits.

import Testing

@testable import Jinja

@Suite struct BigIntTests {
  @Test func `text round trip and normal form`() throws {
    for text in [
      "0", "1", "-1", "4294967296", "-18446744073709551616", "123456789012345678901234567890",
    ] {
      let value = try #require(BigInt(text))
      #expect(value.description == text)
    }
    #expect(BigInt("12a") == nil)
    #expect(BigInt("") == nil)
    #expect(BigInt(Int.min).int == Int.min)
    #expect((BigInt(Int.max) + BigInt(1)).int == nil)
  }

  @Test func `division gives back the dividend`() throws {
    var state: UInt64 = 1
    func next() -> UInt32 {
      state = state &* 6_364_136_223_846_793_005 &+ 1
      // Limbs of all ones and of zero are where long division goes wrong.
      switch state >> 61 {
      case 0: return .max
      case 1: return 0
      case 2: return 1 << 31
      default: return UInt32(truncatingIfNeeded: state >> 29)
      }
    }
    for round in 0..<3_000 {
      let a = BigInt(limbs: (0..<(round % 9)).map { _ in next() }, isNegative: round % 2 == 0)
      let b = BigInt(limbs: (0..<(1 + round % 5)).map { _ in next() }, isNegative: round % 3 == 0)
      guard let (quotient, remainder) = a.flooredDivision(by: b) else {
        #expect(b.isZero)
        continue
      }
      #expect(quotient * b + remainder == a)
      #expect(remainder.isZero || remainder.isNegative == b.isNegative)
    }
  }

  @Test func `doubles are the nearest ones`() {
    #expect(BigInt("9007199254740993")?.double == 9_007_199_254_740_992)
    #expect(BigInt("9007199254740995")?.double == 9_007_199_254_740_996)
    #expect(BigInt("18446744073709553665")?.double == 18_446_744_073_709_555_712)
    #expect(powerOfTen(309).double == nil)
    #expect(BigInt(truncating: -1.5e300).map { -($0.double ?? 0) } == 1.5e300)
  }
}
