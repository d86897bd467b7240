/// Jinja: `str()` and `repr()` of every value.

extension Run {
  func string(_ value: Value) throws(JinjaError) -> String {
    switch value {
    case .string(let text), .markup(let text): return text
    case .int(let number): return String(number)
    case .missing: return ""
    case .undefined(let undefined):
      try refuseIfStrict(undefined)
      return ""
    default:
      var text = ""
      try writeRepr(value, to: &text)
      return text
    }
  }

  func writeRepr(_ value: Value, to text: inout String) throws(JinjaError) {
    try step()
    switch value {
    case .missing, .undefined: text += "Undefined"
    case .null: text += "None"
    case .bool(let flag): text += flag ? "True" : "False"
    case .int(let number): text += String(number)
    case .big(let number):
      try work(number.limbs.count * number.limbs.count)
      text += number.description
    case .double(let number): text += floatText(number)
    case .string(let string):
      try allocate(string.utf8.count)
      text += quoted(string)
    case .markup(let string):
      try allocate(string.utf8.count)
      text += "Markup(\(quoted(string)))"
    case .list(let list):
      try writeContainer(list, to: &text, circle: "[...]") { (text) throws(JinjaError) in
        try writeItems(list.items, open: "[", close: "]", to: &text)
      }
    case .tuple(let tuple):
      try writeContainer(tuple, to: &text, circle: "(...)") { (text) throws(JinjaError) in
        try writeItems(
          tuple.items, open: "(", close: tuple.items.count == 1 ? ",)" : ")", to: &text)
      }
    case .dict(let dict):
      try writeContainer(dict, to: &text, circle: "{...}") { (text) throws(JinjaError) in
        text += "{"
        for index in 0..<dict.count {
          if index > 0 { text += ", " }
          try writeRepr(dict.keys[index], to: &text)
          text += ": "
          try writeRepr(dict.values[index], to: &text)
        }
        text += "}"
      }
    case .object(let object):
      try writeContainer(object, to: &text, circle: "<...>") { (text) throws(JinjaError) in
        try object.write(to: &text, self)
      }
    }
  }

  func writeItems(
    _ items: [Value], open: String, close: String, to text: inout String
  ) throws(JinjaError) {
    text += open
    for (index, item) in items.enumerated() {
      if index > 0 { text += ", " }
      try writeRepr(item, to: &text)
    }
    text += close
  }

  private func writeContainer(
    _ object: Object, to text: inout String, circle: String,
    _ body: (inout String) throws(JinjaError) -> Void
  ) throws(JinjaError) {
    let identity = ObjectIdentifier(object)
    if printing.contains(identity) {
      text += circle
      return
    }
    try enter(5)
    printing.append(identity)
    let before = text.utf8.count
    try body(&text)
    try allocate(text.utf8.count - before)
    printing.removeLast()
    leave(5)
  }
}

/// Python's `repr` of text: single quotes unless only they are inside.
func quoted(_ text: String) -> String {
  let hasSingle = text.utf8.contains(UInt8(ascii: "'"))
  let quote: Unicode.Scalar = hasSingle && !text.utf8.contains(UInt8(ascii: "\"")) ? "\"" : "'"
  var result = String.UnicodeScalarView()
  result.append(quote)
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
    case "\n": result.append(contentsOf: "\\n".unicodeScalars)
    case "\r": result.append(contentsOf: "\\r".unicodeScalars)
    case "\t": result.append(contentsOf: "\\t".unicodeScalars)
    case quote:
      result.append("\\")
      result.append(quote)
    default:
      if isPrintable(scalar) {
        result.append(scalar)
      } else {
        let (mark, width) =
          scalar.value < 0x100 ? ("\\x", 2) : scalar.value < 0x10000 ? ("\\u", 4) : ("\\U", 8)
        result.append(contentsOf: (mark + hexDigits(scalar.value, width: width)).unicodeScalars)
      }
    }
  }
  result.append(quote)
  return String(result)
}

func hexDigits(_ value: UInt32, width: Int) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}

/// Python's `str.isprintable` for one code point.
func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.isASCII { return scalar.value >= 32 && scalar.value < 127 }
  switch scalar.properties.generalCategory {
  case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
    .paragraphSeparator, .spaceSeparator:
    return false
  default: return true
  }
}
