/// BootDoctor: verdicts about names that were not resolved.

import Wire

package enum NameVerdicts {
  package static func notResolved(_ boot: BootRecord) -> Verdict? {
    if let verdict = noServer(boot) { return verdict }
    guard case .lookup(let lookup) = boot.lastDeed else { return nil }
    let why: String
    var screen = ["3e11613b", "3e11618e"]
    switch lookup.outcome {
    case .addresses: return nil
    case .failed(let code): why = "the DNS server \(lookup.server) says \(DNSCode.name(code))"
    case .empty: why = "the DNS server \(lookup.server) knows no address for it"
    case .unreachable: why = "nobody listens for DNS at \(lookup.server) (ICMP unreachable)"
    case .unanswered:
      guard lookup.questions.count >= 2, boot.age(lookup.begin) >= Span.seconds(5) else {
        return nil
      }
      why = "the DNS server \(lookup.server) did not answer"
      screen = ["4c116035", "4c116092"]
    }
    // An empty answer for IPv6 is followed by one for IPv4.
    if lookup.outcome == .empty, !boot.wasSilent(3) { return nil }
    return Verdict(
      .nameNotResolved, cause: "The name «\(lookup.name)» was not resolved: \(why).",
      evidence: lookup.questions.packets + [lookup.answered?.packet ?? 0],
      remedy:
        "Correct the name or the DNS server that DHCP tells (option 6), or write an address into "
        + "the URL.", screen: screen)
  }

  /// A URL with a name, and no DNS server in any answer.
  private static func noServer(_ boot: BootRecord) -> Verdict? {
    guard let exchange = boot.lastExchange, exchange.version == .v4,
      exchange.leased != nil || (exchange.questions?.count ?? 0) >= 3,
      exchange.asker == .ipxe || exchange.asker == .httpBoot,
      boot.wasSilent(3) || exchange.leased == nil,
      exchange.answers.allSatisfy(\.nameServers.isEmpty),
      let offer = exchange.answers.first(where: { hostName($0.fileName) != nil }),
      let name = hostName(offer.fileName)
    else { return nil }
    return Verdict(
      .nameNotResolved,
      cause: "The boot file's URL has the name «\(name)», and DHCP told the machine no DNS server.",
      evidence: offer.sightings.packets + exchange.acknowledgments.flatMap(\.sightings.packets),
      remedy: "Add a DNS server to DHCP (option 6), or write an address into the URL.",
      screen: ["3e11623b", "3e11628e"])
  }

  /// nil for an address, and for what is no URL.
  private static func hostName(_ url: String?) -> String? {
    guard let url, let start = url.range(of: "://") else { return nil }
    let authority = url[start.upperBound...].prefix { $0 != "/" && $0 != "?" }
    if authority.hasPrefix("[") { return nil }
    let host = authority.prefix { $0 != ":" }
    if host.isEmpty || host.contains("$") || IPv4Address(host) != nil { return nil }
    return String(host)
  }
}

extension String {
  /// The first place of these words.
  fileprivate func range(of words: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(words) {
        return start..<index(start, offsetBy: words.count)
      }
      start = index(after: start)
    }
    return nil
  }
}
