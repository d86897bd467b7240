/// Appliance: the DHCPv6 part of a boot's story.

import DHCPv6Proxy
import Foundation
import Inventory
import Wire

extension Storyteller {
  func tell(_ event: ProxyEventV6) {
    switch event {
    case .answered(let question, let client, _, let reply, let arrival):
      let kind = count(client, reply, arrival)
      guard admits(2, client) else { return }
      hand(
        client, arrival,
        .answered(kind, question: question.message.type, reply: reply.type, url: reply.url))
    case .silent(let client, let reason, let arrival):
      guard client.mac != nil else { return count("dhcpv6-ignored") }
      counts.dhcpIgnored.add()
      guard admits(1, client) else { return }
      hand(client, arrival, .silent(reason: reason, silences))
    case .leaseRequested(let client, let address, _, let arrival):
      counts.dhcpRequest.add()
      guard admits(1, client) else { return }
      hand(client, arrival, .leaseRequested(address))
    case .malformed:
      count("dhcpv6-malformed")
    case .ignored:
      count("dhcpv6-other")
    }
  }

  private func admits(_ events: Int, _ client: BootClientV6) -> Bool {
    journal.admits(events, of: client.mac, at: client.address.map(IPAddress.v6)) {
      client.mac.map { standing(of: $0, client.uuid) } ?? .stranger
    }
  }

  private func hand(_ client: BootClientV6, _ arrival: ArrivalV6, _ outcome: DHCPv6Fact.Outcome) {
    journal.take(DHCPv6Fact(client, arrival, outcome, at: Date()))
  }

  /// Counts a question and its answer; the kind of the question.
  private func count(
    _ client: BootClientV6, _ reply: ProxyReplyV6, _ arrival: ArrivalV6
  ) -> BootEventKind {
    (reply.type == .advertise ? counts.dhcpOffer : counts.dhcpAck).add()
    switch (arrival.port, client.program) {
    case (.bootServer, _):
      counts.dhcpRequest.add()
      return .dhcpRequest
    case (.dhcp, .ipxe):
      counts.ipxeDiscover.add()
      return .ipxeDiscover
    case (.dhcp, _):
      counts.dhcpDiscover.add()
      return .dhcpDiscover
    }
  }
}
