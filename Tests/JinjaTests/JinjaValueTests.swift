/// JinjaTests: JSON to values and back through `tojson`.

import Testing

@testable import Jinja

@Suite struct JinjaValueTests {
  private let document =
    #"{"a": [1, -2.5, 1e3, true, null, "x\n\u20ac\ud83d\ude00"], "n": 123456789012345678901, "o": {}}"#

  @Test func `values keep order, whole numbers and text`() throws {
    let value = try JinjaValue(parsingJSON: document)
    guard case .dict(let object) = value else {
      Issue.record("no object")
      return
    }
    #expect(object.keys == ["a", "n", "o"])
    #expect(object["a"] == [1, -2.5, 1000.0, true, nil, "x\n€😀"])
    let expression = try JinjaEnvironment().compile(expression: "v|tojson")
    let text = try expression.evaluate(["v": value])
    #expect(try JinjaValue(parsingJSON: text.text ?? "") == value)
  }

  @Test func `each proper prefix throws`() {
    for end in 0..<document.utf8.count {
      let prefix = String(decoding: Array(document.utf8)[..<end], as: UTF8.self)
      #expect(throws: JinjaError.self) { try JinjaValue(parsingJSON: prefix) }
    }
    for text in ["[1,]", "{,}", "01x", "+1", "\"\u{1}\"", "[1] 2", "tru", "\"\\ud8\"", "-"] {
      #expect(throws: JinjaError.self, "\(text)") { try JinjaValue(parsingJSON: text) }
    }
    #expect(throws: JinjaError.self) {
      try JinjaValue(parsingJSON: String(repeating: "[", count: 100_000))
    }
  }

  @Test func `removing a key keeps the others in order`() {
    var object: JinjaDictionary = ["a": 1, "b": 2, "c": 3]
    object["b"] = nil
    object["d"] = 4
    #expect(object.keys == ["a", "c", "d"])
    #expect(object["c"] == 3)
    #expect(object == ["d": 4, "c": 3, "a": 1])
  }
}
