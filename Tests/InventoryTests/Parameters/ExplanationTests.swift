/// InventoryTests: who set what.

import Jinja
import Testing

@testable import Inventory

@Suite struct ExplanationTests {
  private func snapshot(_ host: String, _ groups: [String: String]) -> CatalogueSnapshot {
    var snapshot = CatalogueSnapshot()
    var entries = groups.map {
      StateEntry(key: RecordKind.group.key($0.key), value: Array($0.value.utf8), revision: 1)
    }
    entries.append(
      StateEntry(key: RecordKind.host.key("h"), value: Array(host.utf8), revision: 1))
    snapshot.apply(StateUpdate(revision: 1, contents: .everything(entries)))
    return snapshot
  }

  @Test func `origin, template, value and what was overridden`() throws {
    let snapshot = snapshot(
      #"{"groups": ["web"], "x": "{{y}}!", "ipmi_password": "s"}"#,
      [
        "web": #"{"groups": "base", "x": "web", "{{y}}_k": 1, "ipmi_password": "t"}"#,
        "base": #"{"x": ["base"], "y": "why"}"#,
      ])
    let explanation = try snapshot.explanation(of: "h", renderer: JinjaRenderer())
    #expect(
      JSONWriter.text(explanation.json, .indented) == #"""
        {
          "uuid": "h",
          "host": "h",
          "groups": [
            "web",
            "base"
          ],
          "parameters": {
            "x": {
              "value": "why!",
              "from": "host h",
              "template": "{{y}}!",
              "overrode": [
                {
                  "from": "group web",
                  "template": "web"
                },
                {
                  "from": "group base",
                  "template": [
                    "base"
                  ]
                }
              ]
            },
            "y": {
              "value": "why",
              "from": "group base",
              "template": "why"
            },
            "groups": {
              "value": [
                "web",
                "base"
              ],
              "from": "fino",
              "template": [
                "web",
                "base"
              ],
              "overrode": [
                {
                  "from": "host h",
                  "template": [
                    "web"
                  ]
                },
                {
                  "from": "group web",
                  "template": "base"
                }
              ]
            },
            "{{y}}_k": {
              "value": 1,
              "from": "group web",
              "template": 1
            },
            "ipmi_password": {
              "value": "***",
              "from": "host h",
              "template": "***",
              "overrode": [
                {
                  "from": "group web",
                  "template": "***"
                }
              ]
            },
            "uuid": {
              "value": "h",
              "from": "fino",
              "template": "h"
            }
          }
        }
        """#)
  }

  @Test func `where the expansion fails, the rest is told all the same`() throws {
    let snapshot = snapshot(#"{"a": "{{a}}.", "b": 1}"#, [:])
    let explanation = try snapshot.explanation(of: "h", renderer: JinjaRenderer())
    #expect(explanation.failure?.contains("still changes after ten rounds") == true)
    #expect(explanation.parameters.map(\.key) == ["a", "b", "groups", "uuid"])
    #expect(explanation.parameters.allSatisfy { $0.value == nil })
    #expect(explanation.parameters.first?.setting.template == "{{a}}.")
  }

  @Test func `an unknown machine`() throws {
    let explanation = try snapshot("{}", [:]).explanation(of: "new", renderer: JinjaRenderer())
    #expect(explanation.host == nil)
    #expect(explanation.uuid == "new")
  }
}
