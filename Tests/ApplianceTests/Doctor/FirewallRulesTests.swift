/// Tests of Appliance: what a packet filter lets in.

import Foundation
import Testing

@testable import Appliance

@Suite struct FirewallRulesTests {
  /// As `nft --json list ruleset` (1.0.6) prints rules.
  private func rules(policy: String = "drop", _ rules: String...) throws -> FirewallRules {
    let head = #""family": "inet", "table": "filter""#
    let chains = [
      #"{"metainfo": {"version": "1.0.6", "json_schema_version": 1}}"#,
      #"{"table": {"family": "inet", "name": "filter", "handle": 1}}"#,
      #"{"chain": {\#(head), "name": "input", "hook": "input", "policy": "\#(policy)"}}"#,
      #"{"chain": {\#(head), "name": "boot"}}"#,
    ]
    let text = rules.map { rule in
      let (chain, expression) =
        rule.hasPrefix("boot:") ? ("boot", String(rule.dropFirst(5))) : ("input", rule)
      return #"{"rule": {\#(head), "chain": "\#(chain)", "handle": 9, "expr": [\#(expression)]}}"#
    }
    let document = #"{"nftables": [\#((chains + text).joined(separator: ", "))]}"#
    return try #require(FirewallRules(nftables: Data(document.utf8)))
  }

  private func match(_ ports: String, _ transport: String = "udp") -> String {
    #"{"match": {"op": "==", "left": {"payload": {"protocol": "\#(transport)", "field": "dport"}}, "#
      + #""right": \#(ports)}}, "#
  }

  private let established =
    #"{"match": {"op": "in", "left": {"ct": {"key": "state"}}, "#
    + #""right": ["established", "related"]}}, {"accept": null}"#

  private func isOpen(
    _ rules: FirewallRules, _ port: Int, _ transport: String = "udp", isReply: Bool = false
  ) -> Bool {
    rules.verdict(
      for: .init(transport: transport, port: port, isReply: isReply, interface: "eth0"))
      == .accepted
  }

  @Test func portsAndStates() throws {
    let rules = try rules(
      established, match(#"{"set": [67, {"range": [4000, 4011]}]}"#) + #"{"accept": null}"#)
    #expect(isOpen(rules, 67) && isOpen(rules, 4011) && isOpen(rules, 40_000, isReply: true))
    #expect(!isOpen(rules, 69) && !isOpen(rules, 40_000) && !isOpen(rules, 67, "tcp"))
    #expect(rules.unknown == 0)
    let packet = FirewallRules.Packet(
      transport: "udp", port: 69, isReply: false, interface: "eth0")
    #expect(rules.verdict(for: packet) == .blocked(chain: "inet filter input"))
  }

  @Test func theFirstRuleThatAppliesDecides() throws {
    let rules = try rules(
      policy: "accept", match("69") + #"{"counter": {"packets": 0, "bytes": 0}}, {"drop": null}"#,
      match("69") + #"{"accept": null}"#)
    #expect(!isOpen(rules, 69) && isOpen(rules, 67))
  }

  @Test func chainsThatAreJumpedTo() throws {
    let rules = try rules(
      #"{"jump": {"target": "boot"}}"#, match("69") + #"{"accept": null}"#,
      "boot:" + match("80", "tcp") + #"{"accept": null}"#, #"boot:{"return": null}"#,
      #"boot:{"drop": null}"#)
    #expect(isOpen(rules, 80, "tcp") && isOpen(rules, 69) && !isOpen(rules, 4011))
  }

  @Test func otherInterfaces() throws {
    let name = #"{"match": {"op": "==", "left": {"meta": {"key": "iifname"}}, "right": "eth1"}}, "#
    let rules = try rules(name + #"{"accept": null}"#)
    #expect(!isOpen(rules, 69))
  }

  /// What iptables' compatibility layer makes of its own extensions.
  @Test func whatIsNotUnderstoodIsCounted() throws {
    let rules = try rules(
      policy: "accept", #"{"xt": {"type": "match", "name": "multiport"}}, {"drop": null}"#,
      match(#""@ports""#) + #"{"drop": null}"#)
    #expect(rules.unknown == 2)
    #expect(isOpen(rules, 69))
  }

  @Test func noRulesAtAll() throws {
    let none = try #require(FirewallRules(nftables: Data(#"{"nftables": []}"#.utf8)))
    #expect(none.isEmpty && isOpen(none, 69))
    #expect(FirewallRules(nftables: Data("no".utf8)) == nil)
  }
}
