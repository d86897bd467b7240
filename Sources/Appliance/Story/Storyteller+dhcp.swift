/// Appliance: the DHCP part of a boot's story.

import DHCPProxy
import Inventory
import Wire

extension Storyteller {
  func tell(_ event: ProxyEvent) {
    switch event {
    case .answered(let question, let client, let plan, let reply, let arrival):
      asked(question, client, arrival)
      answered(client, plan, reply, arrival)
    case .silent(let client, let reason, let arrival):
      tellOnce(
        .dhcpIgnored, mac: client.mac,
        "\(client.title) asked on \(arrival.interface) and got no answer: \(reason).")
    case .leaseRequested(let client, let address, let server, _):
      let from = server.map { " from the DHCP server \($0)" } ?? ""
      tell(
        .dhcpRequest, mac: client.mac, address: .v4(address),
        "\(client.title) took \(address)\(from).",
        ["server": server?.description ?? ""])
    case .malformed:
      count("dhcp-malformed")
    case .ignored:
      count("dhcp-other")
    case .notSent(_, _, let count, _):
      counters.add("dhcp-not-sent", count)
    case .serving, .leaving, .notServing:
      break
    }
  }

  private func asked(_ question: DHCPMessage, _ client: BootClient, _ arrival: Arrival) {
    var details = [
      "interface": arrival.interface, "architecture": client.architecture.description,
      "port": String(arrival.port.rawValue),
    ]
    details["uuid"] = client.uuid?.description
    let kind: BootEventKind
    switch (arrival.port, client.program) {
    case (.bootServer, _),
      (.dhcp, _) where question.type != .discover:
      kind = .dhcpRequest
    case (.dhcp, .ipxe): kind = .ipxeDiscover
    case (.dhcp, _): kind = .dhcpDiscover
    }
    let type = question.type.map(String.init(describing:)) ?? "message"
    tell(
      kind, mac: client.mac, address: client.knownAddress,
      "\(client.title) sent a \(type) to port \(arrival.port.rawValue) on \(arrival.interface).",
      details)
  }

  private func answered(
    _ client: BootClient, _ plan: BootPlan, _ reply: ProxyReply, _ arrival: Arrival
  ) {
    let kind: BootEventKind = reply.type == .offer ? .dhcpOffer : .dhcpAck
    let verb = reply.type == .offer ? "Offered" : "Confirmed"
    tell(
      kind, mac: client.mac, address: client.knownAddress,
      "\(verb) \(reply.file.isEmpty ? "its boot menu" : reply.file) from \(arrival.local): "
        + "\(reply.choice.strategy.title), because \(reply.choice.reason).",
      ["file": reply.file, "strategy": reply.choice.strategy.name])
  }
}

extension BootClient {
  fileprivate var knownAddress: IPAddress? { address.isUnspecified ? nil : .v4(address) }

  fileprivate var title: String {
    switch program {
    case .pxe: "\(architecture) PXE firmware"
    case .http: "\(architecture) Boot firmware"
    case .ipxe: "iPXE (\(architecture))"
    }
  }
}
