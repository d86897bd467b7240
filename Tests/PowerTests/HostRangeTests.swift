/// Tests of Power: many hosts in few characters.

import Testing

@testable import Power

@Suite struct HostRangeTests {
  private func expand(_ words: String..., files: [String: String] = [:]) throws -> [String] {
    try HostRange.expand(words) { files[$0] }
  }

  @Test(arguments: [
    ("node1", ["node1"]), ("node[1-3,7]", ["node1", "node2", "node3", "node7"]),
    ("rack[08-10]-bmc", ["rack08-bmc", "rack09-bmc", "rack10-bmc"]),
    ("10.0.[0-1].[1-2]", ["10.0.0.1", "10.0.0.2", "10.0.1.1", "10.0.1.2"]),
    ("a,b[1,2],c", ["a", "b1", "b2", "c"]), ("10.0.0.7:6230", ["10.0.0.7:6230"]),
    ("bmc[1-2]:6230", ["bmc1:6230", "bmc2:6230"]), ("[::1]:623", ["[::1]:623"]),
    ("fe80::1", ["fe80::1"]), ("[fe80::1],a", ["[fe80::1]", "a"]),
    (
      "n[099-101]",
      ["n099", "n100", "n101"]
    ),
  ])
  func ranges(_ text: String, _ hosts: [String]) throws {
    #expect(try expand(text) == hosts)
  }

  @Test func eachOnceInOrder() throws {
    #expect(try expand("b", "a[1-2]", "a1,b,c") == ["b", "a1", "a2", "c"])
  }

  @Test func files() throws {
    let text = """
      # rack 1
      node[1-2]   node9  # the spare one
      10.0.0.1:6230,node2

      """
    #expect(
      try expand("@racks.txt", "last", files: ["racks.txt": text])
        == ["node1", "node2", "node9", "10.0.0.1:6230", "last"])
    #expect(throws: HostRange.Mistake("the file «none» with hosts cannot be read")) {
      try expand("@none")
    }
    #expect(
      throws: HostRange.Mistake("in the file «f»: «a[»: a bracket has no partner")
    ) { try expand("@f", files: ["f": "a["]) }
  }

  @Test(arguments: ["a[", "a]", "a[1-", "a[]", "a[3-1]", "a[x]", "a[1-2-3]", "a[1,]", "a[-1]"])
  func mistakes(_ text: String) {
    #expect(throws: HostRange.Mistake.self) { try expand(text) }
  }

  @Test(arguments: [
    "a[1-65537]", "a[1-999999999]", "a[1-300][1-300]", "a[1-999999999][1-999999999]",
    "a[1-40000],b[1-40000]", "a[9999999999]",
  ])
  func tooManyAreRefusedBeforeTheyAreMade(_ text: String) {
    #expect(throws: HostRange.Mistake.self) { try expand(text) }
  }

  @Test func theMost() throws {
    #expect(try expand("a[0-65535]").count == HostRange.most)
  }
}
