/// BootDoctor: verdicts about the question at port 4011.

import Wire

package enum BootServerVerdicts {
  private static func last(_ boot: BootRecord) -> BootServerExchange? {
    if case .bootServer(let exchange) = boot.lastDeed { exchange } else { nil }
  }

  /// Enough time and tries for an answer. EDK2 asks at 0, 1, 3, 6 s, iPXE at 0, 0.25, 0.8, 1.9 s.
  private static func waited(_ exchange: BootServerExchange, _ boot: BootRecord) -> Bool {
    exchange.requests.count >= 3 || boot.age(exchange.requests.first) >= Span.seconds(5)
  }

  package static func silent(_ boot: BootRecord) -> Verdict? {
    guard let exchange = last(boot), exchange.answers.isEmpty, waited(exchange, boot) else {
      return nil
    }
    let offer = boot.bootExchanges.last { exchange in exchange.leased != nil }?.answers
      .first { $0.server == exchange.server || $0.nextServer == exchange.server }
    let isDHCPServer = offer.map { $0.address != nil && $0.isPXE } ?? false
    let end =
      exchange.unreachable == nil
      ? "and got no answer" : "where nobody listens (ICMP port unreachable)"
    let remedy =
      isDHCPServer
      ? "The DHCP server \(exchange.server) sends option 60 = PXEClient, so firmware takes it "
        + "for the "
        + "boot server as well. Remove option 60 (and option 43) from the DHCP server, or run "
        + "the boot "
        + "server on that host."
      : "Open UDP port 4011 to \(exchange.server) and back in every firewall, and check that a "
        + "boot "
        + "server listens there (`ss -lun`)."
    return Verdict(
      .bootServerSilent,
      cause: "The machine asked the boot server \(exchange.server):\(exchange.serverPort) "
        + "\(exchange.requests.count) times, \(end).",
      evidence: exchange.requests.packets + [exchange.unreachable?.packet ?? 0]
        + (isDHCPServer ? offer?.sightings.packets ?? [] : []),
      remedy: remedy,
      screen: boot.screens(
        nil, bios: [exchange.bootItem == nil ? "PXE-E55" : "PXE-E78"], uefi: ["PXE-E16"],
        ipxe: ["2d03e13b"]))
  }

  package static func wrongPort(_ boot: BootRecord) -> Verdict? {
    guard let exchange = last(boot), let answer = exchange.answers.first, exchange.heard.isEmpty,
      waited(exchange, boot)
    else { return nil }
    return Verdict(
      .bootServerWrongPort,
      cause:
        "The boot server \(exchange.server) answered to port \(answer.destinationPort), but the "
        + "machine asked from port \(exchange.clientPort) and listens only there.",
      evidence: exchange.requests.packets + answer.sightings.packets,
      remedy:
        "The boot server must answer to the port that the question came from. Update it, or let it "
        + "name the file in its offer with option 43 = 06 01 08 ff, so that nothing is asked at "
        + "4011.",
      screen: boot.screens(nil, bios: ["PXE-E55"], uefi: ["PXE-E16"], ipxe: ["2d03e13b"]))
  }
}
