/// Appliance: the DHCPv6 part of a boot's story.

import DHCPProxy
import DHCPv6Proxy
import Inventory
import Wire

extension Storyteller {
  func tell(_ event: ProxyEventV6) {
    switch event {
    case .answered(let question, let client, _, let reply, let arrival):
      asked(question, client, arrival)
      tell(
        reply.type == .advertise ? .dhcpOffer : .dhcpAck, mac: client.mac,
        address: client.address.map(IPAddress.v6),
        "\(reply.type == .advertise ? "Offered" : "Confirmed") \(reply.url).",
        ["file": reply.url])
    case .silent(let client, let reason, let arrival):
      guard let mac = client.mac else { return count("dhcpv6-ignored") }
      tellOnce(
        .dhcpIgnored, mac: mac,
        "\(client.title) asked on \(arrival.interface) and got no answer: \(reason).")
    case .leaseRequested(let client, let address, _, _):
      tell(
        .dhcpRequest, mac: client.mac, address: .v6(address), "\(client.title) took \(address).")
    case .malformed:
      count("dhcpv6-malformed")
    case .ignored:
      count("dhcpv6-other")
    }
  }

  private func asked(
    _ question: RelayedMessage, _ client: BootClientV6, _ arrival: ArrivalV6
  ) {
    let kind: BootEventKind
    switch (arrival.port, client.program) {
    case (.bootServer, _): kind = .dhcpRequest
    case (.dhcp, .ipxe): kind = .ipxeDiscover
    case (.dhcp, _): kind = .dhcpDiscover
    }
    var details = [
      "interface": arrival.interface,
      "architecture": Architecture(rawValue: client.architecture).description,
      "port": String(arrival.port.rawValue),
    ]
    details["uuid"] = client.uuid?.description
    tell(
      kind, mac: client.mac, address: client.address.map(IPAddress.v6),
      "\(client.title) sent a \(question.message.type) to port \(arrival.port.rawValue) on "
        + "\(arrival.interface).", details)
  }
}

extension BootClientV6 {
  fileprivate var title: String {
    let architecture = Architecture(rawValue: architecture)
    return switch program {
    case .pxe: "\(architecture) PXE firmware (IPv6)"
    case .http: "\(architecture) Boot firmware (IPv6)"
    case .ipxe: "iPXE (\(architecture), IPv6)"
    }
  }
}
