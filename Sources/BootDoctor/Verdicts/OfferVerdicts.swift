/// BootDoctor: verdicts about what servers offered, and what the firmware made of it.

import DHCPProxy
import Wire

package enum OfferVerdicts {
  /// An address, and nobody who says what to boot.
  package static func noBootAnswer(_ boot: BootRecord) -> Verdict? {
    guard let exchange = boot.lastExchange, !exchange.leases.isEmpty || exchange.leased != nil,
      exchange.answers.allSatisfy({ !$0.isForBoot && !$0.onlyToRelay }),
      exchange.proxyOffers.isEmpty, gaveUp(exchange, boot)
    else { return nil }
    if boot.isSecondChoice(exchange) { return nil }
    let servers = exchange.answers.map { "\($0.server)" }.uniqued().joined(separator: ", ")
    let evidence =
      exchange.answers.flatMap(\.sightings.packets) + (exchange.requests?.packets ?? [])
    if exchange.asker == .ipxe {
      // A script's `dhcp` needs no file name. With IPv6 it goes on for a while, with IPv4 as well.
      if boot.script != nil || exchange.version == .v6 && !boot.wasSilent(20) { return nil }
      return Verdict(
        .ipxeNoFileName,
        cause: "iPXE got an address from \(servers), and nobody told it a file name.",
        evidence: evidence,
        remedy: "Let the DHCP server name a boot file (option 67, next-server), or run a ProxyDHCP "
          + "server in this VLAN"
          + (exchange.relay != nil ? "; the relay needs a second helper address for it." : "."),
        screen: ["2d03e13b", "2d03e18e"])
    }
    return Verdict(
      .noProxyAnswer,
      cause: "The machine was offered an address by \(servers), and nobody said what to boot: no "
        + "ProxyDHCP server answered, and the DHCP server names no boot file.",
      evidence: (exchange.questions?.packets ?? []) + evidence,
      remedy: "Start the PXE server in this VLAN and let it hear broadcasts on port 67"
        + (exchange.relay != nil ? "; add it as a second helper address on the relay." : ";")
        + " check that it serves this architecture and is not told to ignore this machine.",
      screen: boot.screens(
        exchange, bios: ["PXE-E53"], uefi: ["PXE-E16"], http: [], ipxe: ["2d03e13b"]))
  }

  /// Firmware without boot information goes on asking (EDK2), or takes the address and stops.
  private static func gaveUp(_ exchange: DHCPExchange, _ boot: BootRecord) -> Bool {
    if exchange.requests != nil || exchange.leased != nil { return boot.wasSilent(3) }
    guard let questions = exchange.allQuestions else { return false }
    return questions.count >= 2 && boot.age(questions.first) >= Span.seconds(8)
  }

  package static func vendorOptionsUnusable(_ boot: BootRecord) -> Verdict? {
    guard let exchange = boot.lastExchange, exchange.asker == .pxe, gaveUp(exchange, boot),
      let offer = exchange.answers.first(where: { $0.isPXE && problem($0) != nil }),
      let problem = problem(offer),
      // Another server's answer may have been good.
      !exchange.answers.contains(where: { $0.isPXE && self.problem($0) == nil && $0.namesFile })
    else { return nil }
    return Verdict(
      .vendorOptionsUnusable,
      cause: "The PXE server \(offer.server) answered with \(problem.text).",
      evidence: offer.sightings.packets + (exchange.requests?.packets ?? []),
      remedy:
        "Let the server name a boot file beside option 43 (43.6 = 8 means: take that file), or "
        + "leave option 43 out and answer at port 4011.",
      screen: boot.screens(exchange, bios: [problem.bios], uefi: ["PXE-E21"]))
  }

  private static func problem(_ offer: BootOffer) -> (text: String, bios: String)? {
    guard let options = offer.vendorOptions else { return nil }
    if options.isMalformed {
      return ("an option 43 that can't be read (a tag runs past its end)", "PXE-E77")
    }
    if offer.namesFile { return nil }
    if options.usesOfferedFile {
      return (
        "option 43.6 = 8, which means «take the file that I name», and named no file", "PXE-E53"
      )
    }
    if options.isForeign {
      return ("an option 43 that has nothing of PXE, and named no file", "PXE-E53")
    }
    let control = options.discoveryControl ?? 0
    if control & 4 != 0, options.servers.isEmpty {
      return ("an option 43 that allows listed boot servers only, and lists none", "PXE-E77")
    }
    if control & 3 == 3, options.servers.isEmpty {
      return (
        "an option 43 that forbids broadcast and multicast, and lists no boot server", "PXE-E77"
      )
    }
    return nil
  }

  /// Boot answers came, and the firmware used none of them.
  package static func notAccepted(_ boot: BootRecord) -> Verdict? {
    if let verdict = emptyBootServerAnswer(boot) { return verdict }
    guard let exchange = boot.lastExchange, gaveUp(exchange, boot), !boot.isSecondChoice(exchange),
      let offer = exchange.answers.first(where: \.isForBoot) ?? exchange.proxyOffers.first,
      exchange.leased == nil || boot.wasSilent(3),
      exchange.wasOffered
    else { return nil }
    let waited = exchange.leased == nil || boot.wasSilent(10)
    guard waited, let why = why(offer, exchange, boot) ?? unused(exchange, boot) else { return nil }
    return Verdict(
      .offerNotAccepted,
      cause:
        "The boot answer of \(offer.server) was not used by \(StoryText.asker(exchange)): "
        + "\(why.text).",
      evidence: offer.sightings.packets + (exchange.questions?.packets ?? []), remedy: why.remedy,
      screen: boot.screens(
        exchange, bios: ["PXE-E53"], uefi: ["PXE-E16"], ipxe: ["2d03e13b", "2d03e18e"]))
  }

  private static func why(
    _ offer: BootOffer, _ exchange: DHCPExchange, _ boot: BootRecord
  ) -> (text: String, remedy: String)? {
    if exchange.asker == .httpBoot {
      if !offer.isHTTP {
        return (
          "HTTP Boot wants option 60 = HTTPClient, this one has «\(offer.vendorClass ?? "none")»",
          "Answer clients that say HTTPClient with HTTPClient and a URL in option 67."
        )
      }
      if !offer.namesFile { return ("it has no URL", "Put the URL into option 67.") }
      return nil
    }
    if !offer.isPXE, offer.address == nil {
      return (
        "it lacks option 60 = PXEClient, so it is no answer of PXE",
        "Send option 60 = PXEClient in the proxy's offer."
      )
    }
    if exchange.asker == .ipxe {
      if exchange.answers.contains(where: \.forbidsProxies) {
        return (
          "the DHCP server tells iPXE to leave proxies alone (option 175, no-pxedhcp)",
          "Remove `ipxe.no-pxedhcp` from the DHCP server."
        )
      }
      let isIncomplete = offer.namesFile && offer.nextServer == nil
      return isIncomplete
        ? ("it names a file and no server (siaddr is 0)", "Set next-server beside the file name.")
        : nil
    }
    if let defect = offer.defects.first {
      return ("it \(defect)", "Repair the answer; UEFI firmware drops it without a word.")
    }
    guard exchange.leased == nil, exchange.requests == nil,
      (exchange.questions?.count ?? 0) >= 3
    else { return nil }
    return (
      "the address of one server and the boot file of another were not put together",
      "Old firmware does not merge a ProxyDHCP offer with a DHCP offer. Let the DHCP server "
        + "itself name "
        + "next-server and the boot file."
    )
  }

  /// All is as it should be, and still nothing was asked for. iPXE waits up to 15 s for routers of
  /// IPv6 before it goes on, and a menu waits for a person.
  private static func unused(_ exchange: DHCPExchange, _ boot: BootRecord) -> (
    text: String, remedy: String
  )? {
    guard exchange.leased != nil, boot.silence >= Span.seconds(30), boot.script == nil,
      let file = exchange.fileNames.first,
      exchange.answers.allSatisfy({ $0.vendorOptions?.hasMenu != true })
    else { return nil }
    return (
      "the machine took an address and never asked for «\(file)»",
      "Look at the machine's screen: a person may have stopped it; else it can't reach the boot "
        + "server."
    )
  }

  private static func emptyBootServerAnswer(_ boot: BootRecord) -> Verdict? {
    guard case .bootServer(let exchange) = boot.lastDeed, let answer = exchange.heard.first,
      exchange.heard.allSatisfy({ !$0.hasBootContent }), boot.wasSilent(5)
    else { return nil }
    return Verdict(
      .offerNotAccepted,
      cause: "The boot server \(exchange.server) answered at port 4011 without a file name.",
      evidence: exchange.requests.packets + answer.sightings.packets,
      remedy: "Configure a boot file for this architecture on the boot server.",
      screen: boot.screens(nil, bios: ["PXE-E53"], uefi: ["PXE-E16"], ipxe: ["2d03e13b"]))
  }

  /// Two servers that both want to boot the machine.
  package static func twoPXEServers(_ boot: BootRecord) -> Verdict? {
    for exchange in boot.bootExchanges {
      let offers = exchange.offers.filter { $0.isPXE || $0.isHTTP }
      let servers = offers.map(\.server).uniqued()
      guard servers.count >= 2, offers.map(\.fileName).uniqued().count >= 2 else { continue }
      // Two cards of one host, or a pair that gives the same: no fight.
      let names = offers.map { "\($0.server) («\($0.fileName ?? "no file")»)" }.uniqued()
      let failed = !boot.delivered && !boot.isUnderWay
      return Verdict(
        .twoPXEServers, failed ? .failure : .warning,
        cause:
          "\(servers.count) PXE servers answered with different files, and which one wins is "
          + "chance: "
          + names.joined(separator: ", ") + ".",
        evidence: offers.flatMap(\.sightings.packets),
        remedy:
          "Let only one server answer this machine. A DHCP server that is not the boot server must "
          + "not send option 60 = PXEClient.",
        screen: failed ? boot.screens(exchange, bios: ["PXE-E55"], uefi: ["PXE-E16"]) : [])
    }
    return nil
  }
}

extension Array where Element: Equatable {
  /// Each once, in the order of their first.
  func uniqued() -> [Element] {
    reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
