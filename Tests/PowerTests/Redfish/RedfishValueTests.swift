/// PowerTests: JSON of every kind, and such as no honest BMC sends.

import Testing

@testable import Power

struct RedfishValueTests {
  @Test func everyKindIsRead() {
    let text = #"{"a": [true, false, 0, 1, -2.5, 1e3, "x", null], "b": {"c": "ä\u0007"}}"#
    let value = RedfishValue(parsing: Array(text.utf8))
    #expect(
      value?["a"]?.list == [
        .flag(true), .flag(false), .number(0), .number(1), .number(-2.5), .number(1000), .text("x"),
        .null,
      ])
    #expect(value?["b"]?["c"]?.text == "ä\u{7}")
    let single: [(String, RedfishValue)] = [
      ("true", .flag(true)), ("\"a\"", .text("a")), ("7", .number(7)),
    ]
    for (text, value) in single {
      #expect(RedfishValue(parsing: Array(text.utf8)) == value)
    }
    for wrong in ["", "{", "[1,]x", "{\"a\": }", "\u{0}"] {
      #expect(RedfishValue(parsing: Array(wrong.utf8)) == nil)
    }
  }

  /// Found by the fuzzer: each of these took a minute.
  @Test func whatIsNestedDeeplyIsReadOrRefused() {
    func chain(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    let wide = "[" + Array(repeating: chain(400), count: 100).joined(separator: ",") + "]"
    #expect(RedfishValue(parsing: Array(wide.utf8))?.list.count == 100)
    #expect(RedfishValue(parsing: Array(chain(100_000).utf8)) == nil)
  }
}
