/// Jinja: how one value is to be written, for `%` and for `str.format`.

struct FormatSpec {
  enum Alignment {
    case left, right, center
    /// Zeros between the sign and the digits.
    case afterSign
  }

  var fill: Unicode.Scalar = " "
  var alignment: Alignment?
  /// `+`, space, or nothing for `-` only.
  var sign: Unicode.Scalar?
  var isAlternate = false
  var width = 0
  var grouping: Unicode.Scalar?
  var precision: Int?
  var type: Unicode.Scalar?

  /// Largest width and precision that anything is written with.
  static let maximum = 1 << 20

  /// Format Specification Mini-Language; nil where it is not one.
  init?(_ text: String) {
    let scalars = text.scalarArray
    var index = 0
    func at(_ index: Int) -> Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }
    if let alignment = at(1).flatMap(Self.alignment), let fill = at(0) {
      (self.fill, self.alignment, index) = (fill, alignment, 2)
    } else if let alignment = at(0).flatMap(Self.alignment) {
      (self.alignment, index) = (alignment, 1)
    }
    if let sign = at(index), sign == "+" || sign == "-" || sign == " " {
      self.sign = sign == "-" ? nil : sign
      index += 1
    }
    if at(index) == "#" {
      isAlternate = true
      index += 1
    }
    if at(index) == "0" {
      if alignment == nil { (fill, alignment) = ("0", .afterSign) }
      index += 1
    }
    func number() -> Int? {
      var value = 0
      let start = index
      while let scalar = at(index), ("0"..."9").contains(scalar) {
        value = min(value * 10 + Int(scalar.value) - 48, Self.maximum + 1)
        index += 1
      }
      return index > start ? value : nil
    }
    width = number() ?? 0
    if let mark = at(index), mark == "," || mark == "_" {
      grouping = mark
      index += 1
    }
    if at(index) == "." {
      index += 1
      guard let digits = number() else { return nil }
      precision = digits
    }
    if let letter = at(index) {
      type = letter
      index += 1
    }
    guard index == scalars.count, width <= Self.maximum, (precision ?? 0) <= Self.maximum else {
      return nil
    }
  }

  init() {}

  private static func alignment(_ scalar: Unicode.Scalar) -> Alignment? {
    switch scalar {
    case "<": return .left
    case ">": return .right
    case "^": return .center
    case "=": return .afterSign
    default: return nil
    }
  }

  /// Puts digits with their sign into the width.
  func padded(sign: String, prefix: String = "", digits: String, standard: Alignment) -> String {
    if width == 0 { return sign + prefix + digits }
    let length = sign.scalarCount + prefix.scalarCount + digits.scalarCount
    let missing = max(0, width - length)
    let filling = String([Unicode.Scalar](repeating: fill, count: missing))
    switch alignment ?? standard {
    case .left: return sign + prefix + digits + filling
    case .right: return filling + sign + prefix + digits
    case .afterSign:
      guard let grouping, fill == "0" else { return sign + prefix + filling + digits }
      return sign + prefix
        + zeroGrouped(digits, grouping, width: width - sign.scalarCount - prefix.scalarCount)
    case .center:
      let left = String([Unicode.Scalar](repeating: fill, count: missing / 2))
      let right = String([Unicode.Scalar](repeating: fill, count: missing - missing / 2))
      return left + sign + prefix + digits + right
    }
  }

  /// Zeros in front are grouped too; a separator never comes first.
  private func zeroGrouped(_ digits: String, _ mark: Unicode.Scalar, width: Int) -> String {
    let whole = digits.unicodeScalars.prefix { $0 != "." && $0 != "e" && $0 != "E" }
    let rest = String(digits.unicodeScalars.dropFirst(whole.count))
    var plain = String(whole.filter { $0 != mark })
    while grouped(plain, mark, by: 3).scalarCount + rest.scalarCount < width { plain = "0" + plain }
    return grouped(plain, mark, by: 3) + rest
  }

  func signText(isNegative: Bool) -> String {
    isNegative ? "-" : sign.map { String(Character($0)) } ?? ""
  }
}

/// Digits with a mark between every few, from the right.
func grouped(_ digits: String, _ mark: Unicode.Scalar, by size: Int) -> String {
  let scalars = digits.scalarArray
  var result = String.UnicodeScalarView()
  for (index, scalar) in scalars.enumerated() {
    if index > 0, (scalars.count - index) % size == 0 { result.append(mark) }
    result.append(scalar)
  }
  return String(result)
}
