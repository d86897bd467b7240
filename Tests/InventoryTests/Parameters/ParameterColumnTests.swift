/// InventoryTests: a column finds what asking each host finds.

import Jinja
import Testing

@testable import Inventory

@Suite struct ParameterColumnTests {
  private static let values = [
    "1", "1.0", "true", "null", #""1""#, #""true""#, #""null""#, #""""#, #""a""#, #""caf\u00e9""#,
    #""cafe\u0301""#, "[]", #"["a"]"#, #"["a", "a", 1, true]"#, #"["a", ["a"], {"a": 1}]"#,
    #"[["a"], ["a"]]"#, #"{"a": 1}"#, #"{"x_password": "a"}"#, "123456789012345678901234567890",
    "[123456789012345678901234567890]", #""***""#,
  ]
  private static let questions = [
    "1", "1.0", "true", "null", "", "a", "caf\u{e9}", "[]", #"["a"]"#, #"{"a": 1}"#,
    #"{"x_password": "***"}"#, #"{"x_password": "a"}"#, "123456789012345678901234567890", "***",
    "nothing",
  ]

  @Test(arguments: ["k", "groups", "ipmi_password", "missing"])
  func `the same as one by one`(_ key: String) {
    // Each value three times, apart from each other, and hosts without any between them.
    let hosts = (0..<(3 * Self.values.count)).flatMap { index in
      let text =
        #"{"\#(key == "missing" ? "k" : key)": \#(Self.values[index % Self.values.count])}"#
      return [
        Host(id: "h\(index)", parameters: parameters(text), revision: 1),
        Host(id: "i\(index)", parameters: ["other": "a"], revision: 1),
      ]
    }
    let column = ParameterColumn(key, of: hosts)
    for question in Self.questions {
      let condition = HostFilter.Condition(key: key, value: question)
      let expected = hosts.indices.filter { condition.isMet(by: hosts[$0].parameters) }
      #expect(column.places(where: condition, in: hosts) == expected, "\(question)")
    }
    #expect(
      Self.questions.contains { question in
        !column.places(where: .init(key: key, value: question), in: hosts).isEmpty
      } == (key != "missing"))
  }

  @Test func `no hosts`() {
    let column = ParameterColumn("k", of: [])
    #expect(column.places(where: .init(key: "k", value: "a"), in: []) == [])
  }

  @Test func `more keys than there are columns`() {
    let columns = ParameterColumns()
    let hosts = (0..<40).map {
      Host(id: "h\($0)", parameters: ["k\($0)": "a"], revision: 1)
    }
    for index in Array(hosts.indices) + Array(hosts.indices) {
      #expect(columns.places(where: .init(key: "k\(index)", value: "a"), in: hosts) == [index])
    }
  }
}
