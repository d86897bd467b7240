/// InventoryTests: which hosts a filter finds.

import Jinja
import Testing

@testable import Inventory

@Suite struct HostFilterTests {
  static let own = parameters(
    #"""
    {"groups": ["web", "rack"], "rack": 7, "size": 1.0, "on": true, "off": null, "s": "a b",
    "ports": [80, "443"], "o": {"a": 1}, "ipmi_password": "x"}
    """#)

  @Test(arguments: [
    ("groups", "web"), ("groups", "rack"), ("rack", "7"), ("size", "1.0"), ("on", "true"),
    ("off", "null"), ("s", "a b"), ("ports", "80"), ("ports", "443"), ("o", #"{"a": 1}"#),
    ("ipmi_password", "***"),
  ]) func `found`(_ key: String, _ value: String) {
    #expect(HostFilter([.init(key: key, value: value)]).matches(Self.own))
  }

  @Test(arguments: [
    ("groups", "we"), ("groups", #"["web", "rack"]"#), ("rack", "7.0"), ("size", "1"), ("s", "a"),
    ("s", "A B"), ("nothing", ""), ("o.a", "1"), ("$where", "1"), ("rack[$gt]", "1"),
    ("rack", #"{"$gt": 1}"#), ("ipmi_password", "x"),
  ]) func `not found`(_ key: String, _ value: String) {
    #expect(!HostFilter([.init(key: key, value: value)]).matches(Self.own))
  }

  @Test func `all conditions must hold`() {
    let (a, b) = (
      HostFilter.Condition(key: "rack", value: "7"), HostFilter.Condition(key: "s", value: "x")
    )
    #expect(HostFilter([a, a]).matches(Self.own))
    #expect(!HostFilter([a, b]).matches(Self.own))
    #expect(HostFilter([]).matches([:]))
  }
}
