/// InventoryTests: parameters that are templates.

import Jinja
import Synchronization
import Testing

@testable import Inventory

/// Writes down what it was asked to render.
private final class AttentiveRenderer: TemplateRenderer {
  private let asked = Mutex<[String]>([])
  private let engine = JinjaRenderer()

  var texts: [String] { asked.withLock { $0 } }

  func render(
    _ text: String, named name: String, with parameters: Parameters
  ) throws(TemplateFailure) -> String {
    asked.withLock { $0.append(text) }
    return try engine.render(text, named: name, with: parameters)
  }
}

@Suite struct ExpansionTests {
  private func expanded(
    _ text: String, masked: Bool = false, renderer: any TemplateRenderer = JinjaRenderer()
  ) throws -> String {
    var expansion = Expansion(parameters(text), masked: masked, renderer: renderer)
    try expansion.run()
    #expect(expansion.entries.map(\.key) == expansion.parameters.keys)
    #expect(expansion.entries.map(\.value) == expansion.parameters.values)
    return JSONWriter.text(.dict(expansion.parameters))
  }

  private func failure(_ text: String) -> Expansion.Failure? {
    var expansion = Expansion(parameters(text), masked: false, renderer: JinjaRenderer())
    do throws(Expansion.Failure) {
      try expansion.run()
      return nil
    } catch {
      return error
    }
  }

  @Test func `all together, until nothing changes`() throws {
    #expect(
      try expanded(#"{"a": "{{b}}/a", "b": "{{c}}/b", "c": "c"}"#)
        == #"{"a": "c/b/a", "b": "c/b", "c": "c"}"#)
  }

  @Test func `what is undefined is nothing, and iPXE's variables pass`() throws {
    #expect(
      try expanded(#"{"a": "[{{nobody}}]", "b": "${uuid} ${net0/mac:hexhyp}"}"#)
        == #"{"a": "[]", "b": "${uuid} ${net0/mac:hexhyp}"}"#)
  }

  @Test func `keys are templates, which the next round knows by their new names`() throws {
    #expect(
      try expanded(#"{"{{role}}_url": "{{role}}", "role": "web", "x": "{{web_url}}"}"#)
        == #"{"web_url": "web", "role": "web", "x": ""}"#)
  }

  @Test func `of two keys that become the same the later counts`() throws {
    #expect(
      try expanded(#"{"{{r}}": 1, "b": 2, "a": 3, "r": "a"}"#) == #"{"a": 3, "b": 2, "r": "a"}"#)
  }

  @Test func `lists and objects are rendered as JSON and read back`() throws {
    #expect(
      try expanded(
        #"{"l": ["{{x}}", 1, 1.0, {"{{x}}": [null, true, "{{n}}"]}], "x": "é", "n": 7}"#)
        == #"{"l": ["é", 1, 1.0, {"é": [null, true, "7"]}], "x": "é", "n": 7}"#)
    // The text is one template, so it may even make new elements.
    #expect(
      try expanded(#"{"l": ["a{% for i in range(2) %}", "b{% endfor %}"]}"#)
        == #"{"l": ["a", "b", "b"]}"#)
  }

  @Test func `numbers, booleans and null are left alone`() throws {
    let text = #"{"a": 1, "b": 1.0, "c": true, "d": null, "e": 123456789012345678901234567890}"#
    #expect(try expanded(text) == text)
  }

  @Test func `text without marks never comes to the engine`() throws {
    let renderer = AttentiveRenderer()
    _ = try expanded(
      #"{"a": "plain", "b": "{ {", "c": "${x}", "l": ["}}", "%}"], "d": "{{a}}"}"#,
      renderer: renderer)
    #expect(renderer.texts == ["{{a}}"])
  }

  @Test func `line breaks are what Jinja2 makes of them, also without marks`() throws {
    #expect(
      try expanded(#"{"a": "one\ntwo\n", "b": "x\r\ny\rz", "c": "\n", "l": ["x\n"]}"#)
        == #"{"a": "one\ntwo", "b": "x\ny\nz", "c": "", "l": ["x\n"]}"#)
    // One each round; the first round of others sees it.
    #expect(try expanded(#"{"a": "x\n", "b": "{{a}}y"}"#) == #"{"a": "x", "b": "x\ny"}"#)
    let many = String(repeating: "\\n", count: 15)
    #expect(
      try expanded(#"{"a": "x\#(many)"}"#) == #"{"a": "x\#(String(repeating: "\\n", count: 5))"}"#)
  }

  @Test func `ten rounds are enough for a chain of ten`() throws {
    let chain = (0..<10).map { #""p\#($0)": "{{p\#($0 + 1)}}""# }.joined(separator: ", ")
    #expect(try expanded("{\(chain), \"p10\": \"end\"}").contains(#""p0": "end""#))
  }

  @Test func `what uses itself never settles, and the way is told`() throws {
    guard case .unsettled(let key, let names)? = failure(#"{"a": "{{a}}x"}"#) else {
      Issue.record("settled")
      return
    }
    #expect(key == "a")
    #expect(names == ["a", "a"])
    guard
      case .unsettled(_, let names)? = failure(
        #"{"x": 1, "a": "{{b}}+", "b": "-{{c}}", "c": "{{a}}"}"#)
    else {
      Issue.record("settled")
      return
    }
    #expect(names.count == 4)
    #expect(Set(names) == ["a", "b", "c"])
    #expect(names.first == names.last)
  }

  @Test func `a text that is its own rendering has settled`() throws {
    let text = #"{"a": "{{b}}", "b": "{{a}}"}"#
    #expect(try expanded(text) == #"{"a": "{{a}}", "b": "{{b}}"}"#)
  }

  @Test func `growth has an end`() {
    for text in [#"{"a": "{{a}}{{a}}"}"#, #"{"a": "{{a * 1000}}"}"#] {
      switch failure(text) {
      case .limit?, .rendering?: break
      default: Issue.record("no limit")
      }
    }
  }

  @Test func `a template that can't be rendered is named with its line`() throws {
    guard case .rendering(let key, let reason)? = failure(#"{"ok": "{{1}}", "k": "\n{{ 1 + }}"}"#)
    else {
      Issue.record("rendered")
      return
    }
    #expect(key == "k")
    #expect(reason.description.hasPrefix("Line 2 of k: "))
  }

  @Test func `a list whose rendering is no JSON is named`() {
    guard case .rendering("l", let reason)? = failure(#"{"l": ["{{q}}"], "q": "a\"b"}"#) else {
      Issue.record("rendered")
      return
    }
    #expect(reason.description.contains("This is not JSON: line 1"))
  }

  @Test func `masked, nothing that is made of a secret is shown`() throws {
    let text = #"""
      {"ipmi_password": "s3cret", "line": "-P {{ipmi_password}}", "{{n}}_password": "t0p",
      "n": "root", "x": "{{ '{{root_password}}' }}", "deep": {"vmware_password": "d33p", "u": "{{n}}"}}
      """#
    let shown = try expanded(text, masked: true)
    for secret in ["s3cret", "t0p", "d33p"] { #expect(!shown.contains(secret)) }
    #expect(shown.contains(#""line": "-P ***""#))
    let real = try expanded(text)
    #expect(real.contains(#""line": "-P s3cret""#))
    #expect(real.contains(#""x": "t0p""#))
  }

  @Test func `the id that was asked for is no template`() throws {
    #expect(try expanded(#"{"uuid": "{{a}}", "a": "x"}"#) == #"{"uuid": "{{a}}", "a": "x"}"#)
  }

  @Test func `time is bounded`() throws {
    let now = Mutex<Duration>(.zero)
    var expansion = Expansion(
      ["a": "{{b}}", "b": "{{a}}"], masked: false, renderer: JinjaRenderer()
    ) {
      now.withLock {
        $0 += .seconds(6)
        return $0
      }
    }
    #expect(throws: Expansion.Failure.self) { try expansion.run() }
  }
}
