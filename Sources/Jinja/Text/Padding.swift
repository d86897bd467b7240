/// Jinja: filling text up to a width.

extension Run {
  enum Side {
    case left, right, both
  }

  /// `side` is where the filling goes. `str.center` puts the odd one left when the width is odd.
  func padded(
    _ text: String, width: Int, fill: Unicode.Scalar = " ", side: Side
  ) throws(JinjaError) -> String {
    let missing = width &- text.scalarCount
    guard width > 0, missing > 0 else { return text }
    try allocate(missing, times: 4)
    let left: Int
    switch side {
    case .left: left = missing
    case .right: left = 0
    case .both: left = missing / 2 + (missing & width & 1)
    }
    var result = String.UnicodeScalarView()
    for _ in 0..<left { result.append(fill) }
    result.append(contentsOf: text.unicodeScalars)
    for _ in 0..<(missing - left) { result.append(fill) }
    return String(result)
  }

  /// The one character that fills, from an argument.
  func fill(_ value: Value?) throws(JinjaError) -> Unicode.Scalar {
    guard let value else { return " " }
    guard let text = value.text, text.scalarCount == 1, let scalar = text.unicodeScalars.first
    else {
      throw failure(.type, "The fill character must be exactly one character long")
    }
    return scalar
  }
}
