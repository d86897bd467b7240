/// Appliance: what is kept of a DHCPv6 question until its sentences are made.

import DHCPProxy
import DHCPv6Proxy
import Foundation
import Inventory
import Wire

struct DHCPv6Fact: BootFact {
  enum Outcome: Sendable {
    /// With the kind of the question, its type and the type of the answer.
    case answered(
      BootEventKind, question: DHCPv6MessageType, reply: DHCPv6MessageType, url: String)
    case silent(reason: String, Silences)
    case leaseRequested(IPv6Address)
  }

  var at: Date
  var mac: MACAddress?
  var uuid: SystemUUID?
  var address: IPv6Address?
  var architecture: Architecture
  var program: BootClientV6.Program
  var interface: String
  var port: ArrivalV6.ServicePort
  var outcome: Outcome

  init(_ client: BootClientV6, _ arrival: ArrivalV6, _ outcome: Outcome, at: Date) {
    self.at = at
    mac = client.mac
    uuid = client.uuid
    address = client.address
    architecture = Architecture(rawValue: client.architecture)
    program = client.program
    interface = arrival.interface
    port = arrival.port
    self.outcome = outcome
  }

  var observations: [BootObservation] {
    switch outcome {
    case .answered(let kind, let question, let reply, let url):
      let isOffer = reply == .advertise
      return [
        asked(kind, question),
        BootObservation(
          isOffer ? .dhcpOffer : .dhcpAck, mac: mac, address: address.map(IPAddress.v6), at: at,
          text: "\(isOffer ? "Offered" : "Confirmed") \(url).", details: ["file": url]),
      ]
    case .silent(let reason, let silences):
      guard let mac, silences.isFirst(mac, reason) else { return [] }
      return [
        BootObservation(
          .dhcpIgnored, mac: mac, at: at,
          text: "\(title) asked on \(interface) and got no answer: \(reason).")
      ]
    case .leaseRequested(let address):
      return [
        BootObservation(
          .dhcpRequest, mac: mac, address: .v6(address), at: at, text: "\(title) took \(address).")
      ]
    }
  }

  private func asked(_ kind: BootEventKind, _ question: DHCPv6MessageType) -> BootObservation {
    var details = [
      "interface": interface, "architecture": architecture.description,
      "port": String(port.rawValue),
    ]
    details["uuid"] = uuid?.description
    return BootObservation(
      kind, mac: mac, address: address.map(IPAddress.v6), at: at,
      text: "\(title) sent a \(question) to port \(port.rawValue) on \(interface).",
      details: details)
  }

  private var title: String {
    switch program {
    case .pxe: "\(architecture) PXE firmware (IPv6)"
    case .http: "\(architecture) Boot firmware (IPv6)"
    case .ipxe: "iPXE (\(architecture), IPv6)"
    }
  }
}
