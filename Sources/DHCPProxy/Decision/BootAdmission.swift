/// DHCPProxy: who may boot from here.

import Wire

/// Rules that admit and refuse machines. A refusal wins over an admission; when there is any admission,
/// everybody whom none names is refused.
package struct BootAdmission: Sendable {
  private var allowed: PatternSet
  private var denied: PatternSet

  /// Everybody may boot.
  package init() {
    allowed = PatternSet([])
    denied = PatternSet([])
  }

  package init(allow: [ClientPattern], deny: [ClientPattern]) {
    allowed = PatternSet(allow)
    denied = PatternSet(deny)
  }

  /// One rule a line, `ClientPattern` has the words.
  package init(allow: [String], deny: [String]) throws(BootRuleError) {
    self.init(allow: try Self.patterns(allow), deny: try Self.patterns(deny))
  }

  private static func patterns(_ lines: [String]) throws(BootRuleError) -> [ClientPattern] {
    var patterns: [ClientPattern] = []
    for line in lines { patterns.append(try ClientPattern(parsing: line)) }
    return patterns
  }

  /// Why this machine is not answered; nil when it may boot.
  func refusal(_ client: BootClient, _ message: DHCPMessage, _ arrival: Arrival) -> String? {
    if let rule = denied.match(client, message, arrival) {
      return "the rule «deny \(rule)» refuses it"
    }
    guard !allowed.isEmpty, allowed.match(client, message, arrival) == nil else { return nil }
    return "no «allow» rule names it"
  }
}

/// Patterns in a form that is searched quickly: thousands of addresses cost one look-up.
private struct PatternSet: Sendable {
  private var exact: Set<ClientPattern> = []
  private var classes: [String] = []
  private var relays: [IPv4Network] = []

  init(_ patterns: [ClientPattern]) {
    for pattern in patterns {
      switch pattern {
      case .mac, .oui, .architecture, .instructionSet, .interface: exact.insert(pattern)
      case .vendorClass(let prefix): classes.append(prefix)
      case .relay(let network): relays.append(network)
      }
    }
  }

  var isEmpty: Bool { exact.isEmpty && classes.isEmpty && relays.isEmpty }

  /// The first pattern that fits, the most specific kind first.
  func match(_ client: BootClient, _ message: DHCPMessage, _ arrival: Arrival) -> ClientPattern? {
    if !exact.isEmpty {
      for pattern in [
        .mac(client.mac), .oui(client.mac.vendor), .architecture(client.architecture),
        .interface(arrival.interface),
      ] as [ClientPattern] where exact.contains(pattern) {
        return pattern
      }
      if let set = client.architecture.instructionSet, exact.contains(.instructionSet(set)) {
        return .instructionSet(set)
      }
    }
    if !classes.isEmpty, let vendorClass = message.options.value(.vendorClass),
      let prefix = classes.first(where: { vendorClass.starts(with: $0.utf8) })
    {
      return .vendorClass(prefix: prefix)
    }
    guard !message.giaddr.isUnspecified else { return nil }
    return relays.first { $0.contains(message.giaddr) }.map { .relay($0) }
  }
}
