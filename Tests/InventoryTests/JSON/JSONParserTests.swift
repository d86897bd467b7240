/// InventoryTests: JSON is read strictly, and nothing of it is lost.

import Jinja
import Testing

@testable import Inventory

@Suite struct JSONParserTests {
  private func value(_ text: String) throws(JSONMistake) -> JSONValue {
    try JSONParser.value(Array(text.utf8))
  }

  private func mistake(_ bytes: [UInt8]) -> String? {
    do throws(JSONMistake) {
      _ = try JSONParser.value(bytes)
      return nil
    } catch {
      return "\(error.line):\(error.column):\(error.offset) \(error.expected)"
    }
  }

  @Test(arguments: [
    "null", "true", "[1, 1.0, -0.5, 1e+20]", #"{"b": 1, "a": {"z": [], "y": {}}}"#,
    "123456789012345678901234567890", "-9223372036854775808", #""ü\"\\\n\t\u0001/ 💾""#,
  ]) func `what is read is written the same`(_ text: String) throws {
    #expect(JSONWriter.text(try value(text)) == text)
  }

  @Test func `the order of keys is kept, of two same keys the later counts`() throws {
    #expect(JSONWriter.text(try value(#"{"b":1,"a":2,"b":3}"#)) == #"{"b": 3, "a": 2}"#)
  }

  @Test func `1 and 1,0 are two`() throws {
    #expect(try value("1") == .int(1))
    #expect(try value("1.0") == .double(1))
    #expect(try value("10e-1") == .double(1))
  }

  @Test func `escapes`() throws {
    #expect(try value(#""\u00e9\ud83d\udcbe\b\f\n\r\t\/\"\\""#) == "é💾\u{8}\u{c}\n\r\t/\"\\")
  }

  @Test(arguments: [
    ("", "1:1:0 a value"),
    ("{\n  \"a\": 1,\n}", "3:1:12 a key in double quotes"),
    ("[1 2]", "1:4:3 a comma or ]"),
    (#"{"a" 1}"#, "1:6:5 a colon"),
    (#"{"a":1 "b"}"#, "1:8:7 a comma or }"),
    ("01", "1:2:1 the end of the text"),
    ("1.", "1:3:2 a digit"),
    (".5", "1:1:0 a value"),
    ("+1", "1:1:0 a value"),
    ("-", "1:2:1 a digit"),
    ("1e", "1:3:2 a digit"),
    ("1e999", "1:1:0 a number that fits in 64-bit floating point"),
    ("NaN", "1:1:0 a value"),
    ("True", "1:1:0 a value"),
    ("'a'", "1:1:0 a value"),
    ("\"a\nb\"", "1:3:2 no control character (write it as \\u and four digits)"),
    (#""\x41""#, "1:3:2 an escape of JSON"),
    (#""\u12g4""#, "1:6:5 four hexadecimal digits"),
    (#""\ud83d""#, "1:4:3 a whole character, not half of a surrogate pair"),
    (#""\udcbe\ud83d""#, "1:4:3 a whole character, not half of a surrogate pair"),
    ("{} {}", "1:4:3 the end of the text"),
  ]) func `a mistake has its place`(_ text: String, _ expected: String) {
    #expect(mistake(Array(text.utf8)) == expected)
  }

  @Test func `bytes that are no text`() {
    #expect(mistake(Array("[\"a".utf8) + [0xff, 0x22, 0x5d]) == "1:4:3 text in UTF-8")
  }

  @Test func `too deep and too long are mistakes, not crashes`() {
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
    #expect(mistake(deep) == "1:129:128 no deeper than 128 levels")
    let long = [UInt8](repeating: UInt8(ascii: "9"), count: 5000)
    #expect(mistake(long) == "1:1:0 a number of at most 4000 digits")
  }

  @Test func `each proper prefix is a mistake`() {
    let text = Array(#"{"a": [1.5e3, true, null, "é\u00e9\ud83d\udcbe"], "b": {"c": -1}}"#.utf8)
    #expect(mistake(text) == nil)
    for length in 0..<text.count {
      #expect(mistake(Array(text.prefix(length))) != nil, "\(length)")
    }
  }

  @Test func `hosts and groups are objects`() {
    #expect(throws: JSONMistake.self) { try JSONParser.parameters(Array(" [1]".utf8)) }
    do throws(JSONMistake) {
      _ = try JSONParser.parameters(Array(" [1]".utf8))
    } catch {
      #expect(
        error.description
          == "This is not JSON: line 1, column 2 (byte 1) should be an object in braces.")
    }
  }

  @Test func `for people`() throws {
    let text = JSONWriter.text(try value(#"{"a":[1,{}],"b":[]}"#), .indented)
    #expect(text == "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}")
  }
}
