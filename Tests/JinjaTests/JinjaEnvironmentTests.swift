/// JinjaTests: compiling, loading, expressions, and what errors say.

import Synchronization
import Testing

@testable import Jinja

@Suite struct JinjaEnvironmentTests {
  @Test func `an expression answers a value`() throws {
    let environment = JinjaEnvironment()
    let cases: [(String, JinjaValue)] = [
      ("a + 1", 3), ("[a, 'x']", [2, "x"]), ("{'k': (1, 2)}", ["k": [1, 2]]), ("missing", nil),
      ("range(3)", [0, 1, 2]), ("a / 4", 0.5), ("[1, 2]|map('string')", ["1", "2"]),
      ("a is even", true), ("'<'|e", "&lt;"),
    ]
    for (source, value) in cases {
      #expect(try environment.compile(expression: source).evaluate(["a": 2]) == value)
    }
    #expect(throws: JinjaError.self) { try environment.compile(expression: "a b") }
    #expect(throws: JinjaError.self) { try environment.compile(expression: "") }
  }

  @Test func `errors name the template, the line and what was expected`() {
    func message(_ source: String) -> String {
      do throws(JinjaError) {
        return try JinjaEnvironment().compile(source, name: "ks.cfg").render()
      } catch {
        return error.description
      }
    }
    #expect(
      message("a\n{{ b }")
        == "Template \"ks.cfg\", line 2: unexpected '}'")
    #expect(
      message("{% if a %}\n{% endfor %}")
        == "Template \"ks.cfg\", line 2: Encountered unknown tag 'endfor'. Jinja was looking for the"
        + " following tags: 'elif' or 'else' or 'endif'. The innermost block that needs to be closed"
        + " is 'if'.")
    #expect(
      message("\n\n{{ a.b.c }}") == "Template \"ks.cfg\", line 3: 'a' is undefined")
    #expect(
      message("x\n{% for a in 5 %}{% endfor %}")
        == "Template \"ks.cfg\", line 2: 'int' object is not iterable")
    #expect(
      message("{{ (1, 2 }}") == "Template \"ks.cfg\", line 1: unexpected '}', expected ')'")
    #expect(
      message("{% set x 5 %}").contains("expected token 'end of statement block', got 'integer'"))
  }

  @Test func `an error inside an included template names that template`() throws {
    let environment = JinjaEnvironment { $0 == "part" ? "\n{{ 1 / 0 }}" : nil }
    let error = #expect(throws: JinjaError.self) {
      try environment.compile("{% include 'part' %}", name: "main").render()
    }
    #expect(error?.template == "part")
    #expect(error?.line == 2)
  }

  @Test func `a changed source is compiled again`() throws {
    let source = Mutex("one")
    let environment = JinjaEnvironment { _ in source.withLock { $0 } }
    let main = try environment.compile("{% include 'x' %}", name: "main")
    #expect(try main.render() == "one")
    source.withLock { $0 = "two" }
    #expect(try main.render() == "two")
    #expect(try environment.template("x").render() == "two")
  }

  @Test func `one template renders on many threads at once`() async throws {
    let template = try JinjaEnvironment().compile(
      "{% macro m(x) %}{{ x * 2 }}{% endmacro %}{% for i in range(50) %}{{ m(i + n) }} {% endfor %}",
      name: "t")
    try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for number in 0..<16 {
        group.addTask { (number, try template.render(["n": .int(number)])) }
      }
      for try await (number, text) in group {
        #expect(text == (0..<50).map { "\(($0 + number) * 2) " }.joined())
      }
    }
  }

  @Test func `the context of the caller is not changed`() throws {
    let context: JinjaDictionary = ["l": [1], "d": ["a": 1]]
    let template = try JinjaEnvironment().compile(
      "{{ l.append(2) or l }}{{ d.update(b=2) or d }}", name: "t")
    #expect(try template.render(context) == "[1, 2]{'a': 1, 'b': 2}")
    #expect(try template.render(context) == "[1, 2]{'a': 1, 'b': 2}")
  }
}
