/// Jinja: `"%s of %d" % values`, printf-style formatting as Python has it.

extension Run {
  func percentFormatted(
    _ template: String, isMarkup: Bool, _ values: Value
  ) throws(JinjaError) -> Value {
    var format = PercentFormat(template: template.scalarArray, isMarkup: isMarkup, values: values)
    let text = try format.run(self)
    try allocate(text.utf8.count)
    return isMarkup ? .markup(text) : .string(text)
  }
}

private struct PercentFormat {
  let template: [Unicode.Scalar]
  let isMarkup: Bool
  let values: Value
  private var index = 0
  private var used = 0
  private var usedMapping = false

  init(template: [Unicode.Scalar], isMarkup: Bool, values: Value) {
    self.template = template
    self.isMarkup = isMarkup
    self.values = values
  }

  private var current: Unicode.Scalar? { index < template.count ? template[index] : nil }

  mutating func run(_ run: Run) throws(JinjaError) -> String {
    var result = String.UnicodeScalarView()
    try run.work(template.count / 16)
    while let scalar = current {
      index += 1
      guard scalar == "%" else {
        result.append(scalar)
        continue
      }
      let part = try conversion(run)
      try run.allocate(part.utf8.count)
      result.append(contentsOf: part.unicodeScalars)
    }
    let isMapping = if case .dict = values { true } else { usedMapping }
    let count = if case .tuple(let tuple) = values { tuple.items.count } else { 1 }
    // What can be asked for items counts as a mapping there.
    let isList =
      switch values {
      case .list, .undefined: true
      case .object(let object): object is RangeObject
      default: false
      }
    if used < count, !isMapping, !isList {
      throw run.failure(.type, "not all arguments converted during string formatting")
    }
    return String(result)
  }

  private mutating func nextValue(_ run: Run) throws(JinjaError) -> Value {
    defer { used += 1 }
    if case .tuple(let tuple) = values {
      if used < tuple.items.count { return tuple.items[used] }
    } else if used == 0 {
      return values
    }
    throw run.failure(.type, "not enough arguments for format string")
  }

  private mutating func number(_ run: Run) throws(JinjaError) -> Int? {
    if current == "*" {
      index += 1
      return try run.whole(try nextValue(run))
    }
    var value: Int?
    while let scalar = current, ("0"..."9").contains(scalar) {
      value = min((value ?? 0) * 10 + Int(scalar.value) - 48, FormatSpec.maximum + 1)
      index += 1
    }
    return value
  }

  private mutating func conversion(_ run: Run) throws(JinjaError) -> String {
    var keyed: Value?
    if current == "(" {
      index += 1
      var depth = 1
      var name = String.UnicodeScalarView()
      while let scalar = current {
        index += 1
        if scalar == "(" { depth += 1 }
        if scalar == ")" { depth -= 1 }
        if depth == 0 { break }
        name.append(scalar)
      }
      guard depth == 0 else { throw run.failure(.value, "incomplete format key") }
      guard case .dict(let dict) = values else {
        throw run.failure(.type, "format requires a mapping")
      }
      guard let value = dict[String(name)] else {
        throw run.failure(.lookup, "'\(String(name))'")
      }
      keyed = value
      usedMapping = true
    }
    var spec = FormatSpec()
    var isLeft = false
    var hasZero = false
    flags: while let scalar = current {
      switch scalar {
      case "-": isLeft = true
      case "+": spec.sign = "+"
      case " ": if spec.sign == nil { spec.sign = " " }
      case "#": spec.isAlternate = true
      case "0": hasZero = true
      default: break flags
      }
      index += 1
    }
    if let width = try number(run) {
      guard width.magnitude <= UInt(FormatSpec.maximum) else {
        throw run.failure(.limit, "A format is wider than \(FormatSpec.maximum).")
      }
      if width < 0 { isLeft = true }
      spec.width = Int(width.magnitude)
      try run.allocate(spec.width)
    }
    if current == "." {
      index += 1
      let precision = try number(run) ?? 0
      guard precision <= FormatSpec.maximum else {
        throw run.failure(.limit, "A format is wider than \(FormatSpec.maximum).")
      }
      spec.precision = max(0, precision)
    }
    if let scalar = current, ["h", "l", "L"].contains(scalar) { index += 1 }
    guard let type = current else { throw run.failure(.value, "incomplete format") }
    index += 1
    if type == "%" { return "%" }
    spec.type = type
    spec.alignment = isLeft ? .left : .right
    if keyed == nil { keyed = try nextValue(run) }
    return try text(keyed ?? .null, &spec, hasZero: hasZero && !isLeft, run)
  }

  private func text(
    _ value: Value, _ spec: inout FormatSpec, hasZero: Bool, _ run: Run
  ) throws(JinjaError) -> String {
    let type = spec.type ?? "s"
    if type == "d", case .int(let number) = value, spec.precision == nil, !spec.isAlternate {
      if hasZero { (spec.fill, spec.alignment) = ("0", .afterSign) }
      return spec.padded(
        sign: spec.signText(isNegative: number < 0), digits: String(number.magnitude),
        standard: .right)
    }
    switch type {
    case "s", "r", "a":
      var text = ""
      if type == "s" {
        text = try run.string(value)
        if isMarkup, !value.isMarkup { text = htmlEscaped(text) }
      } else {
        try run.writeRepr(value, to: &text)
        if type == "a" { text = asciiEscaped(text) }
        if isMarkup { text = htmlEscaped(text) }
      }
      if let precision = spec.precision { text = String(text.unicodeScalars.prefix(precision)) }
      if spec.width == 0 { return text }
      return spec.padded(sign: "", digits: text, standard: .right)
    case "c":
      if let text = value.text {
        guard text.scalarCount == 1 else { throw run.failure(.type, "%c requires int or char") }
        return spec.padded(sign: "", digits: text, standard: .right)
      }
      guard let code = run.index(value) else {
        throw run.failure(.type, "%c requires int or char")
      }
      return try run.formatted(whole: BigInt(code), spec)
    case "d", "i", "u", "o", "x", "X":
      guard let number = Number(value) else {
        if "diu".unicodeScalars.contains(type) { try run.refuseUndefined(value) }
        throw run.failure(
          .type, "%\(type) format: a real number is required, not \(value.typeName)")
      }
      let whole: BigInt
      switch number {
      case .whole(let value): whole = value
      case .double(let value):
        guard "diu".unicodeScalars.contains(type) else {
          throw run.failure(.type, "%\(type) format: an integer is required, not float")
        }
        guard let truncated = BigInt(truncating: value) else {
          throw run.failure(
            value.isNaN ? .value : .overflow, "cannot convert float to integer")
        }
        whole = truncated
      }
      return try integer(whole, spec, hasZero: hasZero, run)
    case "e", "E", "f", "F", "g", "G":
      guard let number = Number(value) else {
        try run.refuseUndefined(value)
        throw run.failure(.type, "must be real number, not \(value.typeName)")
      }
      if hasZero { (spec.fill, spec.alignment) = ("0", .afterSign) }
      let real = try run.double(number)
      if !real.isFinite, hasZero { spec.fill = "0" }
      return try run.formatted(double: real, spec)
    default:
      throw run.failure(.value, "unsupported format character '\(type)'")
    }
  }

  /// The precision of a whole number is the least number of its digits.
  private func integer(
    _ number: BigInt, _ spec: FormatSpec, hasZero: Bool, _ run: Run
  ) throws(JinjaError) -> String {
    var plain = FormatSpec()
    plain.type = spec.type
    var digits = try run.formatted(whole: BigInt(limbs: number.limbs, isNegative: false), plain)
    let precision = spec.precision ?? 0
    try run.allocate(precision)
    digits = String(repeating: "0", count: max(0, precision - digits.utf8.count)) + digits
    var prefix = ""
    if spec.isAlternate {
      switch spec.type {
      case "x": prefix = "0x"
      case "X": prefix = "0X"
      case "o": prefix = "0o"
      default: break
      }
    }
    var spec = spec
    if hasZero { (spec.fill, spec.alignment) = ("0", .afterSign) }
    return spec.padded(
      sign: spec.signText(isNegative: number.isNegative), prefix: prefix, digits: digits,
      standard: .right)
  }
}

/// Python's `ascii()`: everything else as escapes.
func asciiEscaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    if scalar.isASCII {
      result.unicodeScalars.append(scalar)
    } else {
      let (mark, width) =
        scalar.value < 0x100 ? ("\\x", 2) : scalar.value < 0x10000 ? ("\\u", 4) : ("\\U", 8)
      result += mark + hexDigits(scalar.value, width: width)
    }
  }
  return result
}
