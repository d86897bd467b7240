/// Appliance: the rules of a packet filter, as far as they decide about boot services.

import Foundation

/// nftables' chains that hook into `input`. What is not understood (sets by name, sources, marks) is
/// taken for a rule that does not apply, and is counted.
struct FirewallRules: Equatable {
  struct Packet: Equatable {
    var transport: String
    var port: Int
    /// Of a conversation that this machine began, as TFTP's transfers are.
    var isReply: Bool
    var interface: String
  }

  enum Verdict: Equatable {
    case accepted
    /// By a rule or a policy of this chain: `inet filter input`.
    case blocked(chain: String)
  }

  struct Rule: Equatable {
    enum Action: Equatable {
      case accept, block
      case jump(String)
      case goTo(String)
      case leave
    }
    var ports: [ClosedRange<Int>]?
    var transports: Set<String>?
    var interfaces: Set<String>?
    /// `new`, `established`, …
    var states: Set<String>?
    var action: Action
  }

  struct Chain: Equatable {
    var title: String
    var isInput: Bool
    var blocksByDefault: Bool
    var rules: [Rule] = []
  }

  /// By `family table name`.
  private(set) var chains: [String: Chain] = [:]
  /// Rules that can't be judged.
  private(set) var unknown = 0

  var isEmpty: Bool { !chains.values.contains(where: \.isInput) }

  /// What becomes of a packet: every base chain must let it through.
  func verdict(for packet: Packet) -> Verdict {
    for (key, chain) in chains.sorted(by: { $0.key < $1.key }) where chain.isInput {
      switch walk(key, packet, depth: 0) {
      case .block: return .blocked(chain: chain.title)
      case .accept: continue
      default: if chain.blocksByDefault { return .blocked(chain: chain.title) }
      }
    }
    return .accepted
  }

  private func walk(_ key: String, _ packet: Packet, depth: Int) -> Rule.Action? {
    guard depth < 16, let chain = chains[key] else { return nil }
    for rule in chain.rules where rule.applies(to: packet) {
      switch rule.action {
      case .accept, .block: return rule.action
      case .leave: return nil
      case .jump(let name):
        if let end = walk(name, packet, depth: depth + 1) { return end }
      case .goTo(let name): return walk(name, packet, depth: depth + 1)
      }
    }
    return nil
  }
}

extension FirewallRules.Rule {
  func applies(to packet: FirewallRules.Packet) -> Bool {
    if let transports, !transports.contains(packet.transport) { return false }
    if let interfaces, !interfaces.contains(packet.interface) { return false }
    if let states, !states.contains(packet.isReply ? "established" : "new") { return false }
    if let ports, !ports.contains(where: { $0.contains(packet.port) }) { return false }
    return true
  }
}

// MARK: nft -j list ruleset

extension FirewallRules {
  /// nil for what is not such a document (libnftables-json(5)).
  init?(nftables document: Data) {
    guard let top = try? JSONSerialization.jsonObject(with: document) as? [String: Any],
      let entries = top["nftables"] as? [[String: Any]]
    else { return nil }
    for case let chain as [String: Any] in entries.map({ $0["chain"] as Any }) {
      guard let key = Self.key(chain, "name") else { continue }
      chains[key] = Chain(
        title: key, isInput: chain["hook"] as? String == "input",
        blocksByDefault: chain["policy"] as? String == "drop")
    }
    for case let rule as [String: Any] in entries.map({ $0["rule"] as Any }) {
      guard let key = Self.key(rule, "chain"), let parts = rule["expr"] as? [[String: Any]] else {
        continue
      }
      if let read = Self.rule(parts, in: key) {
        chains[key]?.rules.append(read)
      } else if Self.decides(parts) {
        unknown += 1
      }
    }
  }

  private static func key(_ entry: [String: Any], _ name: String) -> String? {
    guard let family = entry["family"] as? String, let table = entry["table"] as? String,
      let chain = entry[name] as? String
    else { return nil }
    return "\(family) \(table) \(chain)"
  }

  private static func decides(_ parts: [[String: Any]]) -> Bool {
    parts.contains { !Set($0.keys).isDisjoint(with: ["accept", "drop", "reject", "jump", "goto"]) }
  }

  /// nil for one that has no effect on the verdict, or whose conditions are not understood.
  private static func rule(_ parts: [[String: Any]], in key: String) -> Rule? {
    var rule: Rule?
    var conditions = Rule(action: .leave)
    for part in parts {
      guard let (kind, value) = part.first else { continue }
      switch kind {
      case "match":
        guard let match = value as? [String: Any], conditions.narrow(match) else { return nil }
      case "accept": rule = conditions.with(.accept)
      case "drop", "reject": rule = conditions.with(.block)
      case "return": rule = conditions.with(.leave)
      case "jump", "goto":
        guard let target = (value as? [String: Any])?["target"] as? String else { return nil }
        let name = key.split(separator: " ").dropLast().joined(separator: " ") + " \(target)"
        rule = conditions.with(kind == "jump" ? .jump(name) : .goTo(name))
      case "counter", "log", "comment": break
      case "limit", "xt", "vmap", "lookup": return nil
      default: break
      }
    }
    return rule
  }
}

extension FirewallRules.Rule {
  fileprivate func with(_ action: Action) -> Self {
    var rule = self
    rule.action = action
    return rule
  }

  /// False where the condition is not understood.
  fileprivate mutating func narrow(_ match: [String: Any]) -> Bool {
    let operation = match["op"] as? String ?? "=="
    guard ["==", "in"].contains(operation), let left = match["left"] as? [String: Any],
      let right = match["right"]
    else { return false }
    if let payload = left["payload"] as? [String: Any] {
      guard let transport = payload["protocol"] as? String,
        ["udp", "tcp", "th"].contains(transport),
        payload["field"] as? String == "dport", let found = Self.ports(right)
      else { return false }
      ports = found
      if transport != "th" { transports = [transport] }
      return true
    }
    let words = Self.words(right)
    if let meta = (left["meta"] as? [String: Any])?["key"] as? String, let words {
      switch meta {
      case "l4proto":
        transports = words
        return true
      case "iifname", "iif":
        interfaces = words
        return true
      default: return false
      }
    }
    if (left["ct"] as? [String: Any])?["key"] as? String == "state", let words {
      states = words
      return true
    }
    return false
  }

  private static func words(_ value: Any) -> Set<String>? {
    if let word = value as? String { return [word] }
    if let list = value as? [String] { return Set(list) }
    if let set = (value as? [String: Any])?["set"] as? [String] { return Set(set) }
    return nil
  }

  private static func ports(_ value: Any) -> [ClosedRange<Int>]? {
    if let port = value as? Int { return [port...port] }
    guard let object = value as? [String: Any] else { return nil }
    if let range = object["range"] as? [Int] {
      guard range.count == 2, range[0] <= range[1] else { return nil }
      return [range[0]...range[1]]
    }
    guard let set = object["set"] as? [Any] else { return nil }
    let parts = set.map(ports)
    return parts.contains { $0 == nil } ? nil : parts.flatMap { $0 ?? [] }
  }
}
