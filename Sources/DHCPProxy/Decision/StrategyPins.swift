/// DHCPProxy: ways of answering that a person prescribes.

import Wire

/// Strategies by machine, maker or architecture. The most specific one counts: a MAC address before an
/// OUI, that before a number of option 93, that before a processor's name.
package struct StrategyPins: Sendable {
  private var pins: [ClientPattern: Strategy] = [:]

  /// None: every machine climbs its own ladder.
  package init() {}

  /// Pairs like (`mac 52:54:00:00:00:01`, `everything`), (`oui 52:54:00`, `boot-server`) and
  /// (`arch arm64`, `menu`). The word before the key may be left out.
  package init(parsing pairs: [(key: String, value: String)]) throws(BootRuleError) {
    for (key, value) in pairs {
      let pattern = try Self.pattern(key)
      guard let strategy = Strategy.pinnable.first(where: { $0.name == value }) else {
        let known = Strategy.pinnable.map(\.name).joined(separator: ", ")
        throw BootRuleError("«\(key)»: «\(value)» is no way to answer; known are \(known)")
      }
      guard pins.updateValue(strategy, forKey: pattern) == nil else {
        throw BootRuleError("«\(pattern)» is pinned twice")
      }
    }
  }

  private static func pattern(_ key: String) throws(BootRuleError) -> ClientPattern {
    var text = key
    if !key.contains(where: \.isWhitespace) {
      // Twelve digits are an address, six an OUI, all else names an architecture.
      let digits = key.filter { !":-.".contains($0) }
      let isHex = digits.allSatisfy(\.isHexDigit)
      text =
        (isHex && digits.count == 12 ? "mac " : isHex && digits.count == 6 ? "oui " : "arch ") + key
    }
    let pattern = try ClientPattern(parsing: text)
    switch pattern {
    case .mac, .oui, .architecture, .instructionSet: return pattern
    case .vendorClass, .interface, .relay:
      throw BootRuleError(
        "«\(key)»: a way to answer is pinned to a machine (mac), a maker (oui) or an architecture (arch)"
      )
    }
  }

  /// What a rule prescribes for this machine, where its firmware can be answered so.
  func choice(for client: BootClient) -> StrategyChoice? {
    guard !pins.isEmpty else { return nil }
    var keys: [ClientPattern] = [
      .mac(client.mac), .oui(client.mac.vendor), .architecture(client.architecture),
    ]
    if let set = client.architecture.instructionSet { keys.append(.instructionSet(set)) }
    for key in keys {
      // iPXE of a pinned machine is still iPXE, and gets a script.
      guard let strategy = pins[key], strategy.fits(client.family) else { continue }
      return StrategyChoice(strategy, .rule(key))
    }
    return nil
  }
}
