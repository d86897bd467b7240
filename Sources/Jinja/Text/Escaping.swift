/// Jinja: HTML escaping as MarkupSafe does it, and percent encoding of URLs.

func htmlEscaped(_ text: String) -> String {
  let isPlain = text.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
      UInt8(ascii: "'"):
      return false
    default: return true
    }
  }
  if isPlain { return text }
  var result: [UInt8] = []
  result.reserveCapacity(text.utf8.count + 32)
  for byte in text.utf8 {
    switch byte {
    case UInt8(ascii: "&"): result += "&amp;".utf8
    case UInt8(ascii: "<"): result += "&lt;".utf8
    case UInt8(ascii: ">"): result += "&gt;".utf8
    case UInt8(ascii: "\""): result += "&#34;".utf8
    case UInt8(ascii: "'"): result += "&#39;".utf8
    default: result.append(byte)
    }
  }
  return String(decoding: result, as: UTF8.self)
}

/// `urllib.parse.quote`; in a query string `/` is quoted too and a space is `+`.
func percentEncoded(_ text: String, isQuery: Bool) -> String {
  let hex = Array("0123456789ABCDEF".utf8)
  var result: [UInt8] = []
  for byte in text.utf8 {
    switch byte {
    case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "~"):
      result.append(byte)
    case UInt8(ascii: "/") where !isQuery: result.append(byte)
    case 32 where isQuery: result.append(UInt8(ascii: "+"))
    default: result += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]]
    }
  }
  return String(decoding: result, as: UTF8.self)
}

extension Run {
  /// `escape(value)`: what is marked safe stays as it is.
  func escaped(_ value: Value) throws(JinjaError) -> Value {
    if value.isMarkup { return value }
    let text = try string(value)
    try allocate(text.utf8.count, times: 6)
    return .markup(htmlEscaped(text))
  }

  /// The result of a method of text: marked safe when the text was.
  func like(_ original: Value, _ text: String) throws(JinjaError) -> Value {
    try allocate(text.utf8.count)
    try work(text.utf8.count / 64)
    return original.isMarkup ? .markup(text) : .string(text)
  }
}
