/// IPMI: a K_g as people write it.

extension Secret {
  /// `text`, or `0x` and hexadecimal digits: most keys are no text. IPMI 2.0 §22.13 takes a key of
  /// zeros for none at all, and so does `IPMILogin`.
  package init(kg text: String) throws(IPMIError) {
    guard text.hasPrefix("0x") || text.hasPrefix("0X") else {
      self.init(text)
      return
    }
    let digits = Array(text.utf8.dropFirst(2))
    guard !digits.isEmpty, digits.count.isMultiple(of: 2) else { throw .badKg }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = Self.value(digits[index]), let low = Self.value(digits[index + 1]) else {
        throw .badKg
      }
      bytes.append(high << 4 | low)
    }
    self.init(bytes: bytes)
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
