/// Appliance: the DHCP part of a boot's story.

import DHCPProxy
import Foundation
import Inventory
import Wire

extension Storyteller {
  /// On the event loop, also in a flood: what is not told costs a count and a look at the allowance.
  func tell(_ event: ProxyEvent) {
    switch event {
    case .answered(let question, let client, _, let reply, let arrival):
      let kind = count(client, reply, arrival)
      // The question and its answer, or neither.
      guard admits(2, client) else { return }
      let answer = DHCPFact.Answer(
        question: question.type, reply: reply.type, file: reply.file, choice: reply.choice)
      hand(client, arrival, .answered(kind, answer))
    case .silent(let client, let reason, let arrival):
      counts.dhcpIgnored.add()
      guard admits(1, client) else { return }
      hand(client, arrival, .silent(reason: reason, silences))
    case .leaseRequested(let client, let address, let server, let arrival):
      counts.dhcpRequest.add()
      guard admits(1, client) else { return }
      hand(client, arrival, .leaseRequested(address, server: server))
    case .malformed:
      counts.dhcpMalformed.add()
    case .refused(let count, _):
      counts.dhcpMalformed.add(count)
    case .ignored:
      counts.dhcpOther.add()
    case .notSent(_, _, let count, _):
      counters.add("dhcp-not-sent", count)
    case .serving, .leaving, .notServing:
      break
    }
  }

  private func admits(_ events: Int, _ client: BootClient) -> Bool {
    journal.admits(events, of: client.mac) { standing(of: client.mac, client.uuid) }
  }

  private func hand(_ client: BootClient, _ arrival: Arrival, _ outcome: DHCPFact.Outcome) {
    journal.take(DHCPFact(client, arrival, outcome, at: Date()))
  }

  /// Counts a question and its answer; the kind of the question.
  private func count(
    _ client: BootClient, _ reply: ProxyReply, _ arrival: Arrival
  ) -> BootEventKind {
    let isOffer = reply.type == .offer
    (isOffer ? counts.dhcpOffer : counts.dhcpAck).add()
    // Only a DISCOVER is answered with an OFFER.
    guard arrival.port == .dhcp, isOffer else {
      counts.dhcpRequest.add()
      return .dhcpRequest
    }
    if case .ipxe = client.program {
      counts.ipxeDiscover.add()
      return .ipxeDiscover
    }
    counts.dhcpDiscover.add()
    return .dhcpDiscover
  }
}
