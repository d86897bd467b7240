/// Jinja: the escapes of string literals, as Python's codec "unicode-escape" reads them.

struct EscapeMistake: Error {
  let message: String
}

/// Jinja2 first writes all but ASCII as escapes and then reads all escapes. So a backslash before
/// such a letter is a backslash, and the letter's number stands behind it as text.
func unescaped(_ bytes: ArraySlice<UInt8>) -> Result<String, EscapeMistake> {
  guard bytes.contains(UInt8(ascii: "\\")) else {
    return .success(String(decoding: bytes, as: UTF8.self))
  }
  var escaped: [UInt8] = []
  for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
    if scalar.isASCII {
      escaped.append(UInt8(scalar.value))
    } else {
      let (mark, width): (String, Int) =
        scalar.value < 0x100 ? ("\\x", 2) : scalar.value < 0x10000 ? ("\\u", 4) : ("\\U", 8)
      let digits = String(scalar.value, radix: 16)
      escaped += mark.utf8
      escaped += [UInt8](repeating: 48, count: width - digits.utf8.count) + digits.utf8
    }
  }
  var result = ""
  var index = 0
  while index < escaped.count {
    let byte = escaped[index]
    index += 1
    guard byte == UInt8(ascii: "\\") else {
      result.unicodeScalars.append(Unicode.Scalar(byte))
      continue
    }
    guard index < escaped.count else { return .failure(.init(message: "\\ at end of string")) }
    let letter = escaped[index]
    index += 1
    switch letter {
    case 10: break
    case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""):
      result.unicodeScalars.append(Unicode.Scalar(letter))
    case UInt8(ascii: "a"): result.unicodeScalars.append("\u{7}")
    case UInt8(ascii: "b"): result.unicodeScalars.append("\u{8}")
    case UInt8(ascii: "t"): result.unicodeScalars.append("\t")
    case UInt8(ascii: "n"): result.unicodeScalars.append("\n")
    case UInt8(ascii: "v"): result.unicodeScalars.append("\u{B}")
    case UInt8(ascii: "f"): result.unicodeScalars.append("\u{C}")
    case UInt8(ascii: "r"): result.unicodeScalars.append("\r")
    case 48...55:
      var value = UInt32(letter) - 48
      for _ in 0..<2 {
        guard index < escaped.count, (48...55).contains(escaped[index]) else { break }
        value = value << 3 | (UInt32(escaped[index]) - 48)
        index += 1
      }
      result.unicodeScalars.append(Unicode.Scalar(value) ?? "\u{FFFD}")
    case UInt8(ascii: "x"), UInt8(ascii: "u"), UInt8(ascii: "U"):
      let width = letter == UInt8(ascii: "x") ? 2 : letter == UInt8(ascii: "u") ? 4 : 8
      var value: UInt32 = 0
      for _ in 0..<width {
        guard index < escaped.count, let digit = digitValue(escaped[index]), digit < 16 else {
          let shown = letter == UInt8(ascii: "x") ? "xXX" : width == 4 ? "uXXXX" : "UXXXXXXXX"
          return .failure(.init(message: "truncated \\\(shown) escape"))
        }
        value = value << 4 | digit
        index += 1
      }
      guard value <= 0x10FFFF else {
        return .failure(.init(message: "illegal Unicode character"))
      }
      // Half of a surrogate pair is no character; Swift's text can't hold it.
      result.unicodeScalars.append(Unicode.Scalar(value) ?? "\u{FFFD}")
    case UInt8(ascii: "N"):
      return .failure(.init(message: "characters by name are not supported"))
    default:
      result.unicodeScalars.append("\\")
      result.unicodeScalars.append(Unicode.Scalar(letter))
    }
  }
  return .success(result)
}
