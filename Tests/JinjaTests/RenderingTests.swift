/// JinjaTests: whole files as Jinja2 rendered them, and the short cuts of rendering.

import Fixtures
import Testing

@testable import Jinja

@Suite struct RenderingTests {
  private func render(_ source: String, _ variables: JinjaDictionary = [:]) throws -> String {
    try JinjaEnvironment().compile(source, name: "t").render(variables)
  }

  @Test(arguments: ["plain", "rich"])
  func `a kickstart file is what Jinja2 makes of it`(name: String) throws {
    func text(_ path: String) throws -> String {
      String(decoding: try Fixtures.bytes("jinja/bench/\(path)"), as: UTF8.self)
    }
    guard case .dict(let parameters) = try JinjaValue(parsingJSON: try text("kickstart.json"))
    else {
      Issue.record("kickstart.json is no object")
      return
    }
    let rendered = try render(try text("kickstart-\(name).j2"), parameters)
    let golden = try text("kickstart-\(name).cfg")
    #expect(rendered == golden)
  }

  @Test func `filters that write to the output end lines as Python does`() throws {
    let lines: JinjaDictionary = ["text": "a\nb\r\nc\u{2028}d\u{85}e\r"]
    #expect(try render("{{ text|indent(2, true) }}", lines) == "  a\n  b\n  c\n  d\n  e")
    #expect(try render("{{ 'x\\n\\ny\\n'|indent(2, false, true) }}") == "x\n  \n  y\n  ")
    #expect(try render("{{ ''|indent(3, true) }}") == "   ")
  }

  @Test func `a filter that fails while constants are folded leaves nothing in the output`() throws
  {
    #expect(
      try render("a{{ ([1, x][:1])|join('-') }}b{{ {'k': [1]}|tojson }}c{{ 'ÄbC'|lower }}")
        == "a1b{\"k\": [1]}cäbc")
    #expect(throws: JinjaError.self) { try render("{{ [1, range][:2]|tojson }}") }
  }

  @Test func `calls of a macro inside its own arguments keep their variables apart`() throws {
    let macro = "{% macro m(a, b=2) %}<{{ a }}{{ b }}>{% endmacro %}"
    #expect(
      try render(
        macro + "{{ m(m(1), m(2, m(3))) }}{% set t = m(4) %}{{ t|upper }}{{ m(b=5, a=m(6)) }}")
        == "<<12><2<32>>><42><<62>5>")
    let nested =
      "{% macro out(a) %}{% macro inner() %}{{ a }}{% endmacro %}{{ inner() }}{{ inner() }}{% endmacro %}"
    #expect(try render(nested + "{{ out(1) }}{{ out(2) }}") == "1122")
  }

  @Test func `thousands of branches and pieces need no deep stack`() throws {
    let branches = (1..<20_000).map { "{% elif n == \($0) %}\($0)" }.joined()
    let source = "{% if n == 0 %}0\(branches){% else %}none{% endif %}"
    #expect(try render(source, ["n": 19_999]) == "19999")
    #expect(try render(source, ["n": -1]) == "none")
    let pieces = String(repeating: "{{ n }}.{% if n %}{% endif %}", count: 20_000)
    #expect(try render(pieces, ["n": 1]) == String(repeating: "1.", count: 20_000))
  }

  @Test func `every use of a list of the caller is the same list, also of many`() throws {
    var given = JinjaDictionary()
    for index in 0..<40 { given["k\(index)"] = .list([.string("v\(index)")]) }
    let append = (0..<40).map { "{% set _ = d.k\($0).append(k\($0)[0]) %}" }.joined()
    let show = (0..<40).map { "{{ d.k\($0)|join }}{{ d['k\($0)']|length }}{{ k\($0)|length }}" }
      .joined()
    var outer = given
    outer["d"] = .dict(given)
    #expect(
      try render(append + show, outer) == (0..<40).map { "v\($0)v\($0)21" }.joined())
  }

  @Test(arguments: [0, 7, -7, 10, 99, 100, Int.max, Int.min])
  func `whole numbers are written in decimal`(number: Int) throws {
    #expect(try render("{{ n }}{{ [n]|join }}", ["n": .int(number)]) == "\(number)\(number)")
  }
}
