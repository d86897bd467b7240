/// Appliance: what is kept of a DHCP question until its sentences are made.

import DHCPProxy
import Foundation
import Inventory
import Wire

/// Small, and no text is made for it: it comes into being on the event loop.
struct DHCPFact: BootFact {
  struct Answer: Sendable {
    var question: MessageType?
    var reply: MessageType
    var file: String
    var choice: StrategyChoice
  }

  enum Outcome: Sendable {
    /// With the kind of the question.
    case answered(BootEventKind, Answer)
    case silent(reason: String, Silences)
    case leaseRequested(IPv4Address, server: IPv4Address?)
  }

  var at: Date
  var mac: MACAddress
  var uuid: SystemUUID?
  var address: IPv4Address
  var architecture: Architecture
  var program: BootClient.Program
  var interface: String
  var local: IPv4Address
  var port: Arrival.ServicePort
  var outcome: Outcome

  init(_ client: BootClient, _ arrival: Arrival, _ outcome: Outcome, at: Date) {
    self.at = at
    mac = client.mac
    uuid = client.uuid
    address = client.address
    architecture = client.architecture
    program = client.program
    interface = arrival.interface
    local = arrival.local
    port = arrival.port
    self.outcome = outcome
  }

  var observations: [BootObservation] {
    switch outcome {
    case .answered(let kind, let answer):
      return [asked(kind, answer), answered(answer)]
    case .silent(let reason, let silences):
      guard silences.isFirst(mac, reason) else { return [] }
      return [
        BootObservation(
          .dhcpIgnored, mac: mac, at: at,
          text: "\(title) asked on \(interface) and got no answer: \(reason).")
      ]
    case .leaseRequested(let address, let server):
      let from = server.map { " from the DHCP server \($0)" } ?? ""
      return [
        BootObservation(
          .dhcpRequest, mac: mac, address: .v4(address), at: at,
          text: "\(title) took \(address)\(from).", details: ["server": server?.description ?? ""])
      ]
    }
  }

  private func asked(_ kind: BootEventKind, _ answer: Answer) -> BootObservation {
    var details = [
      "interface": interface, "architecture": architecture.description,
      "port": String(port.rawValue),
    ]
    details["uuid"] = uuid?.description
    let type = answer.question.map(String.init(describing:)) ?? "message"
    return BootObservation(
      kind, mac: mac, address: knownAddress, at: at,
      text: "\(title) sent a \(type) to port \(port.rawValue) on \(interface).", details: details)
  }

  private func answered(_ answer: Answer) -> BootObservation {
    let isOffer = answer.reply == .offer
    return BootObservation(
      isOffer ? .dhcpOffer : .dhcpAck, mac: mac, address: knownAddress, at: at,
      text: "\(isOffer ? "Offered" : "Confirmed") "
        + "\(answer.file.isEmpty ? "its boot menu" : answer.file) from \(local): "
        + "\(answer.choice.strategy.title), because \(answer.choice.reason).",
      details: ["file": answer.file, "strategy": answer.choice.strategy.name])
  }

  private var knownAddress: IPAddress? { address.isUnspecified ? nil : .v4(address) }

  private var title: String {
    switch program {
    case .pxe: "\(architecture) PXE firmware"
    case .http: "\(architecture) Boot firmware"
    case .ipxe: "iPXE (\(architecture))"
    }
  }
}
