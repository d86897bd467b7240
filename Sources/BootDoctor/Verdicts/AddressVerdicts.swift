/// BootDoctor: verdicts about the first step, an address.

import DHCPProxy
import Wire

package enum AddressVerdicts {
  package static func noDHCPAnswer(_ boot: BootRecord) -> Verdict? {
    guard let exchange = boot.lastExchange, let questions = unanswered(exchange, boot) else {
      return nil
    }
    let proxies = exchange.proxyOffers
    let asker = StoryText.asker(exchange)
    let asked =
      "DISCOVER of \(asker) was sent \(questions.count) times in "
      + "\(StoryText.duration(questions.span))"
    let cause: String
    if let proxy = proxies.first {
      cause =
        "Only a PXE server (\(proxy.server)) answered, which gives no addresses; no DHCP server "
        + "did: "
        + asked + "."
    } else if exchange.relay != nil, exchange.relayed != nil {
      cause = "The relay passed the question on, and no DHCP server answered: \(asked)."
    } else {
      cause = "No DHCP server answered: \(asked)."
    }
    let afterLoader =
      exchange.asker == .ipxe && boot.delivered
      ? " The firmware had an address before: the link was reset when iPXE started, and a "
        + "switch port "
        + "with spanning tree stays closed for 30 s. Set it to edge (portfast), or use "
        + "snponly.efi or "
        + "undionly.kpxe." : ""
    return Verdict(
      .noDHCPAnswer, cause: cause,
      evidence: questions.packets + proxies.flatMap(\.sightings.packets),
      remedy:
        "Check that a DHCP server runs in this VLAN, or that the router has a helper address for "
        + "it; that the switch port forwards at once (portfast) and is in the right VLAN; and "
        + "that the "
        + "pool has free addresses." + afterLoader,
      screen: boot.screens(
        exchange, bios: [proxies.isEmpty ? "PXE-E51" : "PXE-E52"],
        uefi: [proxies.isEmpty ? "PXE-E18" : "PXE-E16"], ipxe: ["040ee119", "4c106035"]))
  }

  /// The questions, when they had time enough for an answer and got no address offered.
  private static func unanswered(_ exchange: DHCPExchange, _ boot: BootRecord) -> Sightings? {
    guard let questions = exchange.allQuestions, !exchange.wasOffered, exchange.refusals == nil,
      exchange.offers.allSatisfy({ $0.address == nil }),
      // iPXE asks at 0, 1, 3, 7 s and gives up at 15 s, EDK2 at 0, 4, 12, 28 s and gives up at 60 s.
      boot.age(questions.first)
        >= Span.seconds(questions.count >= 4 ? 6 : questions.count > 1 ? 8 : 20)
    else { return nil }
    return boot.isSecondChoice(exchange) ? nil : questions
  }

  /// The server gives addresses to others, and none to this one.
  package static func leaseExhausted(
    _ boot: BootRecord, _ surroundings: Surroundings
  ) -> Verdict? {
    guard let exchange = boot.lastExchange else { return nil }
    if exchange.statusCode == 2, exchange.leased == nil, exchange.leases.isEmpty,
      boot.wasSilent(5), let answer = exchange.answers.first
    {
      return Verdict(
        .leaseExhausted,
        cause:
          "The DHCPv6 server \(answer.server) says that it has no address left (NoAddrsAvail).",
        evidence: answer.sightings.packets,
        remedy: "Make its pool larger, or its leases shorter.", screen: [])
    }
    guard let questions = unanswered(exchange, boot) else { return nil }
    let begin = questions.first.time
    let others = surroundings.otherLeases.filter {
      $0.moment.time <= boot.seenUntil
        && Span.between($0.moment.time, begin) < Span.seconds(600)
    }
    guard exchange.version == .v4, let other = others.last else { return nil }
    return Verdict(
      .leaseExhausted,
      cause:
        "The DHCP server \(other.server) gives addresses to other machines, but did not answer "
        + "this one, which asked \(questions.count) times: its pool is used up, or it leaves this "
        + "machine out.",
      evidence: questions.packets + [other.moment.packet],
      remedy: "Look at the server's log for this MAC address; make the pool larger or the leases "
        + "shorter; look for rules that let in only known machines.",
      screen: boot.screens(exchange, bios: ["PXE-E51"], uefi: ["PXE-E18"], ipxe: ["040ee119"]))
  }

  package static func dhcpRefused(_ boot: BootRecord) -> Verdict? {
    guard let exchange = boot.lastExchange, let refusals = exchange.refusals,
      exchange.acknowledgments.isEmpty,
      // Neither iPXE nor EDK2 goes by a NAK: they send the same REQUEST again, six and three times
      // (Fixtures/captures/faults/dhcp-refused-bios and -uefi), and an ACK may still come.
      boot.wasSilent(5) || refusals.count >= 3
    else { return nil }
    return Verdict(
      .dhcpRefused,
      cause: "A DHCP server refused the address that the machine asked for (NAK).",
      evidence: refusals.packets + (exchange.requests?.packets ?? []),
      remedy:
        "Two DHCP servers with different networks in one VLAN do this; find the one that does not "
        + "belong there. Else delete the old lease of this machine.",
      screen: boot.screens(exchange, bios: ["PXE-E51"], uefi: ["PXE-E18"], ipxe: ["040ee119"]))
  }

  package static func relayDroppedAnswer(_ boot: BootRecord) -> Verdict? {
    guard let exchange = boot.lastExchange, let relay = exchange.relay, exchange.requests == nil,
      exchange.acknowledgments.isEmpty, !exchange.leases.isEmpty,
      exchange.offers.allSatisfy(\.onlyToRelay), let questions = exchange.allQuestions,
      questions.count >= 2,
      // As in `unanswered`: iPXE asks for the fourth and last time after 7 s.
      boot.age(questions.first) >= Span.seconds(questions.count >= 4 ? 6 : 8)
    else { return nil }
    return Verdict(
      .relayDroppedAnswer,
      cause:
        "The DHCP server answered to the relay \(relay), and the answer did not get from there to "
        + "the machine, which asked again.",
      evidence: questions.packets + exchange.offers.flatMap(\.sightings.packets),
      remedy:
        "Check on the relay that it takes answers from this server (helper address, DHCP snooping, "
        + "trust of option 82), that the server's way back is not filtered, and that giaddr is "
        + "an address "
        + "of the relay's interface in the machine's VLAN.",
      screen: boot.screens(exchange, bios: ["PXE-E51"], uefi: ["PXE-E18"], ipxe: ["040ee119"]))
  }

  /// Answers go out, and the machine behaves as if there were none.
  package static func oneWayTraffic(_ boot: BootRecord) -> Verdict? {
    if let verdict = otherVLAN(boot) { return verdict }
    if let exchange = boot.lastExchange, let questions = exchange.questions,
      exchange.requests == nil, exchange.acknowledgments.isEmpty, questions.count >= 3,
      boot.age(questions.first) >= Span.seconds(6),
      let lease = exchange.leases.first(where: { $0.defects.isEmpty && !$0.onlyToRelay }),
      lease.sightings.count >= 2, !boot.isSecondChoice(exchange),
      exchange.asker == .ipxe || (exchange.asker == .pxe ? lease.isForBoot : lease.isHTTP)
    {
      return oneWay(
        boot,
        "The DHCP server \(lease.server) offered an address each time, and the machine went on "
          + "asking as if it had heard nothing.",
        questions.packets + lease.sightings.packets,
        boot.screens(exchange, bios: ["PXE-E51"], uefi: ["PXE-E18"], ipxe: ["040ee119"]))
    }
    guard case .transfer(let transfer) = boot.lastDeed, transfer.outcome == .running,
      let answered = transfer.answered, transfer.acknowledgedBlock == 0, !transfer.acceptedTerms,
      transfer.requests.count >= 3, transfer.requests.last.time > answered.time
    else { return nil }
    return oneWay(
      boot,
      "The TFTP server \(transfer.server) answered, and the machine asked again and again for "
        + "«\(transfer.file)» as if it had heard nothing.",
      transfer.requests.packets + [answered.packet],
      boot.screens(nil, bios: ["PXE-E32"], uefi: ["PXE-E18"], ipxe: ["4c126035"]))
  }

  private static func otherVLAN(_ boot: BootRecord) -> Verdict? {
    guard let exchange = boot.lastExchange, let questions = exchange.questions,
      exchange.requests == nil, exchange.acknowledgments.isEmpty, questions.count >= 2,
      let offer = exchange.offers.first, exchange.offers.allSatisfy({ $0.vlan != exchange.vlan })
    else { return nil }
    func name(_ vlan: UInt16?) -> String { vlan.map { "in VLAN \($0)" } ?? "untagged" }
    return oneWay(
      boot,
      "The machine asks \(name(exchange.vlan)), and the answers of \(offer.server) are sent "
        + "\(name(offer.vlan)).",
      questions.packets + exchange.offers.flatMap(\.sightings.packets),
      boot.screens(exchange, bios: ["PXE-E51"], uefi: ["PXE-E18"], ipxe: ["040ee119"]))
  }

  private static func oneWay(
    _ boot: BootRecord, _ cause: String, _ evidence: [Int], _ screen: [String]
  ) -> Verdict {
    Verdict(
      .oneWayTraffic, cause: cause, evidence: evidence,
      remedy:
        "Traffic goes one way only: check that the switch port of the machine has the right VLAN "
        + "(tagged or not), a duplex that fits, DHCP snooping that trusts the server's port, "
        + "and no "
        + "firewall between.",
      screen: screen)
  }
}
