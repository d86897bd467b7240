/// IPMI: from a sensor's byte to a number with a unit.

import Glibc
package import Wire

/// IPMI 2.0 §36.3: y = L[(M·x + B·10^Bexp)·10^Rexp].
package struct SensorConversion: Equatable, Sendable {
  /// How the byte is signed (bits 7…6 of the units).
  package enum Format: UInt8, Sendable {
    case unsigned = 0
    case onesComplement = 1
    case twosComplement = 2
    /// There is no number.
    case none = 3
  }

  package var format: Format
  /// 0 is none; 0x70 and above: the factors are those of each reading.
  package var linearization: UInt8
  package var m: Int
  package var b: Int
  package var bExponent: Int
  package var resultExponent: Int

  package init(
    format: Format, linearization: UInt8, m: Int, b: Int, bExponent: Int, resultExponent: Int
  ) {
    self.format = format
    self.linearization = linearization
    self.m = m
    self.b = b
    self.bExponent = bExponent
    self.resultExponent = resultExponent
  }

  /// Six bytes, as in a record: M, M and tolerance, B, B and accuracy, accuracy, exponents.
  package init(format: Format, linearization: UInt8, factors: [UInt8]) throws(WireError) {
    var reader = ByteReader(factors)
    let mLow = try reader.readUInt8("M")
    let mHigh = try reader.readUInt8("M and tolerance")
    let bLow = try reader.readUInt8("B")
    let bHigh = try reader.readUInt8("B and accuracy")
    try reader.skip(1, "accuracy")
    let exponents = try reader.readUInt8("exponents")
    self.init(
      format: format, linearization: linearization & 0x7f,
      m: Self.signed(Int(mLow) | Int(mHigh >> 6) << 8, bits: 10),
      b: Self.signed(Int(bLow) | Int(bHigh >> 6) << 8, bits: 10),
      bExponent: Self.signed(Int(exponents & 0x0f), bits: 4),
      resultExponent: Self.signed(Int(exponents >> 4), bits: 4))
  }

  private static func signed(_ value: Int, bits: Int) -> Int {
    value & (1 << (bits - 1)) != 0 ? value - (1 << bits) : value
  }

  package var needsFactorsOfReading: Bool { linearization >= 0x70 }

  /// Nil: there is no number, or none that is finite.
  package func value(of raw: UInt8) -> Double? {
    let number: Int
    switch format {
    case .unsigned: number = Int(raw)
    case .onesComplement: number = raw & 0x80 == 0 ? Int(raw) : -Int(~raw)
    case .twosComplement: number = Int(Int8(bitPattern: raw))
    case .none: return nil
    }
    let linear =
      (Double(m * number) + Double(b) * pow(10, Double(bExponent)))
      * pow(10, Double(resultExponent))
    let value = linearized(linear)
    guard value.isFinite else { return nil }
    // 212 · 0.059 is 12.508, not 12.508000000000001.
    return abs(value) < 1e9 ? (value * 1e6).rounded() / 1e6 : value
  }

  /// Table 43-1, byte 24.
  private func linearized(_ x: Double) -> Double {
    switch linearization {
    case 1: log(x)
    case 2: log10(x)
    case 3: log2(x)
    case 4: exp(x)
    case 5: pow(10, x)
    case 6: exp2(x)
    case 7: 1 / x
    case 8: x * x
    case 9: x * x * x
    case 10: x.squareRoot()
    case 11: cbrt(x)
    default: x
    }
  }
}

/// At most three decimals, none that is not needed.
func decimal(_ value: Double) -> String {
  guard abs(value) < 1e12 else { return "\(value)" }
  let rounded = (value * 1000).rounded() / 1000
  let text = "\(rounded == 0 ? 0 : rounded)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
