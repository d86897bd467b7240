/// InventoryTests: what comes from which group.

import Jinja
import Testing

@testable import Inventory

/// Parameters written as JSON.
func parameters(_ text: String) -> Parameters {
  (try? JSONParser.parameters(Array(text.utf8))) ?? ["broken": .string(text)]
}

@Suite struct InheritanceTests {
  private func inherited(
    _ host: String, _ groups: [String: String]
  ) throws(ParameterError) -> Inheritance {
    try Inheritance(of: .host("h"), parameters(host)) { groups[$0].map(parameters) }
  }

  private func failure(_ host: String, _ groups: [String: String]) -> String? {
    do throws(ParameterError) {
      _ = try inherited(host, groups)
      return nil
    } catch {
      return error.description
    }
  }

  @Test func `own parameters win, then later groups, then a group over those it names`() throws {
    let groups = [
      "a": #"{"groups": ["base"], "x": "a", "y": "a", "z": "a"}"#,
      "b": #"{"x": "b", "y": "b"}"#,
      "base": #"{"x": "base", "z": "base", "only": 1}"#,
    ]
    let result = try inherited(#"{"groups": ["a", "b"], "x": "own"}"#, groups)
    #expect(
      JSONWriter.text(.dict(result.parameters(uuid: "u"))) == """
        {"x": "own", "z": "a", "only": 1, "groups": ["a", "base", "b"], "y": "b", "uuid": "u"}
        """)
    #expect(result.origin(of: "y") == .group("b"))
    #expect(result.origin(of: "x") == .host("h"))
    #expect(result.origin(of: "nothing") == nil)
  }

  @Test func `a group met twice counts once, at its first place`() throws {
    let groups = [
      "a": #"{"groups": ["base"], "x": "a"}"#, "b": #"{"groups": ["base"]}"#,
      "base": #"{"x": "base"}"#,
    ]
    // Were `base` met again below `b`, it would override `a`.
    let result = try inherited(#"{"groups": ["a", "b", "a"]}"#, groups)
    #expect(result.merged["x"] == "a")
    #expect(result.groups == ["a", "base", "b"])
  }

  @Test func `depth first`() throws {
    let groups = [
      "1": #"{"groups": ["1.1", "1.2"]}"#, "1.1": #"{"groups": ["1.1.1"]}"#, "1.1.1": "{}",
      "1.2": "{}", "2": "{}",
    ]
    let result = try inherited(#"{"groups": ["1", "2"]}"#, groups)
    #expect(result.groups == ["1", "1.1", "1.1.1", "1.2", "2"])
    #expect(
      result.layers.map(\.origin.description) == [
        "group 1.1.1", "group 1.1", "group 1.2", "group 1", "group 2", "host h",
      ])
  }

  @Test func `one name is a list of one, and none is none`() throws {
    #expect(try inherited(#"{"groups": "a"}"#, ["a": #"{"x": 1}"#]).groups == ["a"])
    #expect(try inherited("{}", [:]).groups == [])
    #expect(try inherited(#"{"groups": null}"#, [:]).groups == [])
    #expect(try inherited(#"{"groups": []}"#, [:]).parameters(uuid: "u")["groups"] == [])
  }

  @Test func `a group that is missing`() {
    #expect(
      failure(#"{"groups": ["a"]}"#, ["a": #"{"groups": ["b"]}"#]) == """
        Host h: there is no group b, which is named by the key "groups" \
        (host h → group a → group b). Make the group, or take its name out.
        """)
  }

  @Test func `a circle`() {
    let groups = ["a": #"{"groups": ["b"]}"#, "b": #"{"groups": "a"}"#]
    #expect(
      failure(#"{"groups": ["a"]}"#, groups) == """
        Host h: the key "groups" leads in a circle (host h → group a → group b → group a). Take \
        one of these groups out of the other.
        """)
    #expect(failure(#"{"groups": "a"}"#, ["a": #"{"groups": "a"}"#])?.contains("circle") == true)
  }

  @Test(arguments: ["7", "[1]", #"{"a": 1}"#, "true", #"["a", null]"#])
  func `groups that are no list of names`(_ groups: String) {
    #expect(
      failure(#"{"groups": \#(groups)}"#, ["a": "{}"]) == """
        Host h: the key "groups" of host h is no list of group names (host h). Write it like \
        ["default"].
        """)
  }

  @Test func `an endless stair is an error, not a crash`() throws {
    let error = #expect(throws: ParameterError.self) {
      try Inheritance(of: .host("h"), ["groups": "1"]) {
        ["groups": .string(String((Int($0) ?? 0) + 1))]
      }
    }
    #expect(error?.kind == .tooDeep)
  }

  @Test func `a group alone`() throws {
    let result = try Inheritance(of: .group("g"), parameters(#"{"groups": ["base"], "x": 1}"#)) {
      $0 == "base" ? ["x": 0, "y": 2] : nil
    }
    #expect(JSONWriter.text(.dict(result.merged)) == #"{"x": 1, "y": 2, "groups": ["base"]}"#)
  }
}
