/// IPMI: a K_g as people write it.

extension Secret {
  /// `text`, or `0x` and hexadecimal digits: most keys are no text. IPMI 2.0 §22.13 takes a key of
  /// zeros for none at all, and so does `IPMILogin`.
  package init(kg text: String) throws(IPMIError) {
    guard text.hasPrefix("0x") || text.hasPrefix("0X") else {
      self.init(text)
      return
    }
    let digits = text.dropFirst(2).map { $0.isASCII ? $0.hexDigitValue : nil }
    guard !digits.isEmpty, digits.count.isMultiple(of: 2) else { throw .badKg }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let high = digits[index], let low = digits[index + 1] else { throw .badKg }
      bytes.append(UInt8(high << 4 | low))
    }
    self.init(bytes: bytes)
  }
}
