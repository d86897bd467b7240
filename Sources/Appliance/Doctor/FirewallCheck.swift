/// Appliance: the doctor looks at the packet filter: do boot services get through?

struct FirewallCheck {
  var rules: FirewallRules
  var settings: Settings
  var interfaces: [String]

  var findings: [Finding] {
    guard !rules.isEmpty else {
      return [Finding("firewall", .ok, "No packet filter looks at what comes in.")]
    }
    var findings = interfaces.flatMap(findings)
    if rules.unknown > 0 {
      findings.append(
        Finding(
          "firewall", .note,
          "\(rules.unknown) rules of the packet filter have conditions that were not judged.",
          remedy: "Look at them by hand: nft list ruleset"))
    }
    return findings
  }

  private func findings(_ interface: String) -> [Finding] {
    let services: [(String, String, Int, isReply: Bool)] = [
      ("DHCP (UDP 67)", "udp", 67, false),
      ("ProxyDHCP (UDP 4011)", "udp", 4011, false),
      ("TFTP (UDP \(settings.tftpPort))", "udp", settings.tftpPort, false),
      ("TFTP's transfers (answers to UDP ports of ours)", "udp", 40_000, true),
      ("HTTP (TCP \(settings.httpPort))", "tcp", settings.httpPort, false),
    ]
    let blocked = services.compactMap { title, transport, port, isReply -> Finding? in
      let packet = FirewallRules.Packet(
        transport: transport, port: port, isReply: isReply, interface: interface)
      guard case .blocked(let chain) = rules.verdict(for: packet) else { return nil }
      // A captured question is read before the filter drops it.
      if port == 67, settings.dhcp.captures {
        return Finding(
          "firewall", .note,
          "The chain «\(chain)» blocks \(title) on \(interface); Fino hears it all the same.")
      }
      let rule =
        isReply ? "ct state established,related accept" : "\(transport) dport \(port) accept"
      return Finding(
        "firewall", .problem, "The chain «\(chain)» blocks \(title) on \(interface).",
        remedy: "nft insert rule \(chain) \(rule)")
    }
    return blocked.isEmpty
      ? [Finding("firewall", .ok, "The packet filter lets boot services in on \(interface).")]
      : blocked
  }
}
