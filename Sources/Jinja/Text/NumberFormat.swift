/// Jinja: numbers written by a format specification.

extension Run {
  /// b o x X d n c, and the kinds of floating point by conversion.
  func formatted(whole number: BigInt, _ spec: FormatSpec) throws(JinjaError) -> String {
    let magnitude = BigInt(limbs: number.limbs, isNegative: false)
    var prefix = ""
    var digits: String
    switch spec.type ?? "d" {
    case "d", "n", "i", "u": digits = magnitude.description
    case "b": (prefix, digits) = ("0b", magnitude.digits(radix: 2, isUppercase: false))
    case "o": (prefix, digits) = ("0o", magnitude.digits(radix: 8, isUppercase: false))
    case "x": (prefix, digits) = ("0x", magnitude.digits(radix: 16, isUppercase: false))
    case "X": (prefix, digits) = ("0X", magnitude.digits(radix: 16, isUppercase: true))
    case "c":
      guard let value = number.int, let code = UInt32(exactly: value),
        let scalar = Unicode.Scalar(code)
      else { throw failure(.overflow, "%c arg not in range(0x110000)") }
      return spec.padded(sign: "", digits: String(Character(scalar)), standard: .left)
    case "e", "E", "f", "F", "g", "G", "%":
      return try formatted(double: try double(.whole(number)), spec)
    case let type:
      throw failure(.value, "Unknown format code '\(type)' for object of type 'int'")
    }
    if let mark = spec.grouping { digits = grouped(digits, mark, by: prefix.isEmpty ? 3 : 4) }
    return spec.padded(
      sign: spec.signText(isNegative: number.isNegative), prefix: spec.isAlternate ? prefix : "",
      digits: digits, standard: .right)
  }

  func formatted(double value: Double, _ spec: FormatSpec) throws(JinjaError) -> String {
    let type = spec.type
    var text: String
    let magnitude = value.magnitude
    if !value.isFinite {
      text = value.isNaN ? "nan" : "inf"
      if type == "E" || type == "F" || type == "G" { text = text.uppercased() }
      if type == "%" { text += "%" }
    } else {
      // A double has no more than 1,100 digits that are not zero.
      let precision = spec.precision
      try allocate((precision ?? 6) + 400)
      try work((precision ?? 6) * 4)
      if (precision ?? 0) > 5_000 {
        throw failure(.limit, "A number can't be written with \(precision ?? 0) digits.")
      }
      switch type {
      case "f", "F": text = fixedText(magnitude, places: precision ?? 6)
      case "%": text = fixedText(magnitude * 100, places: precision ?? 6) + "%"
      case "e", "E":
        let (digits, exponent) = significantDigits(magnitude, count: (precision ?? 6) + 1)
        text = decimalText(digits, point: exponent + 1, usesExponent: true)
      case "g", "G", "n":
        text = generalText(magnitude, precision: precision ?? 6, spec, needsPoint: false)
      case nil:
        if let precision {
          text = generalText(magnitude, precision: precision, spec, needsPoint: true)
        } else {
          text = floatText(magnitude)
        }
      case .some(let letter):
        throw failure(.value, "Unknown format code '\(letter)' for object of type 'float'")
      }
      if type == "E" || type == "G" { text = text.uppercased() }
    }
    if let mark = spec.grouping {
      let whole = text.unicodeScalars.prefix { ("0"..."9").contains($0) }
      text =
        grouped(String(whole), mark, by: 3) + String(text.unicodeScalars.dropFirst(whole.count))
    }
    return spec.padded(
      sign: spec.signText(isNegative: value.sign == .minus && !value.isNaN), digits: text,
      standard: .right)
  }

  /// C's `%g`, and Python's variant of it that looks like a float.
  private func generalText(
    _ value: Double, precision: Int, _ spec: FormatSpec, needsPoint: Bool
  ) -> String {
    let count = max(1, precision)
    var (digits, exponent) = significantDigits(value, count: count)
    let limit = needsPoint ? count - 1 : count
    if !spec.isAlternate { while digits.count > 1, digits.last == 48 { digits.removeLast() } }
    return decimalText(
      digits, point: exponent + 1, usesExponent: exponent < -4 || exponent >= limit,
      keepsPoint: needsPoint)
  }
}
