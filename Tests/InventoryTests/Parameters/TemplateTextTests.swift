/// InventoryTests: what can be known of a template without an engine.

import Jinja
import Testing

@testable import Inventory

@Suite struct TemplateTextTests {
  @Test(arguments: ["{{a}}", "x{%", "{#", "{{{", "${{x}}"]) func `marks`(_ text: String) {
    #expect(TemplateText.hasMark(text))
  }

  @Test(arguments: ["", "{", "{ {", "}}", "%}", "${x}", "{a}", "{\u{301}{"])
  func `no marks`(_ text: String) {
    #expect(!TemplateText.hasMark(text))
  }

  @Test(arguments: [
    ("", ""), ("a", "a"), ("a\n", "a"), ("a\n\n", "a\n"), ("a\r\nb\r\n", "a\nb"),
    ("a\rb\r", "a\nb"),
    ("\r\r\n\n", "\n\n"), ("\n", ""),
  ]) func `rendered without an engine`(_ text: String, _ expected: String) throws {
    #expect(TemplateText.rendered(plain: text) == expected)
    // The engine says the same where a comment makes it look.
    let engine = try JinjaRenderer().render("{##}" + text, named: "t", with: [:])
    #expect(engine == expected)
  }

  @Test func `names in a template`() {
    #expect(
      TemplateText.words(in: "a {{ b.c|d('e') }} {% if f_1 %}g{% endif %} ${h} {i}")
        == ["b", "c", "d", "e", "if", "f_1", "endif"])
    #expect(TemplateText.words(in: "{{ a") == ["a"])
    #expect(TemplateText.words(in: "{{") == [])
  }
}
