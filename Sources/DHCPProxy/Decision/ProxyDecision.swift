/// DHCPProxy: one question, one answer. The whole policy of the protocol, without a socket.

package import Wire

/// What to do with a message that came in.
package enum ProxyDecision: Equatable, Sendable {
  case reply(ProxyReply, BootClient, BootPlan)
  /// A boot client that is not answered now, for a reason worth telling.
  case silence(BootClient, reason: String)
  /// A boot client took a lease: it asks another server's address for itself. Nothing to answer,
  /// but it tells which address the machine will have.
  case leaseRequested(BootClient, address: IPv4Address, server: IPv4Address?)
  /// Not a boot client's, or not ours to answer.
  case ignore(String)

  /// Decides by message type and port; what to boot comes from `plan`.
  ///
  /// | asks              | port | gets                                       |
  /// |-------------------|------|--------------------------------------------|
  /// | DISCOVER          | 67   | OFFER                                      |
  /// | REQUEST, INFORM   | 4011 | ACK, to the port that it came from         |
  /// | DISCOVER          | 4011 | OFFER, to the port that it came from       |
  /// | REQUEST with 43.71| 67   | ACK: boot server discovery by broadcast    |
  /// | REQUEST           | 67   | nothing: it is the DHCP server's           |
  package static func decide(
    _ message: DHCPMessage, _ arrival: Arrival, plan: BootPlanner
  ) -> ProxyDecision {
    let client: BootClient
    do throws(BootClient.Refusal) {
      client = try BootClient(message)
    } catch {
      return .ignore(error.description)
    }
    // dnsmasq's extension marks packets that it relays to itself.
    guard message.giaddr != .broadcast else { return .ignore("its relay address is a broadcast") }

    let items = message.options.first(.vendorSpecific).flatMap { try? VendorOptions(parsing: $0) }
    let reply: MessageType
    switch (message.type, arrival.port) {
    case (.discover, _):
      reply = .offer
    case (.request, .bootServer), (.inform, .bootServer):
      reply = .ack
    case (.request, .dhcp) where items?.bootItem != nil,
      (.inform, .dhcp) where items?.bootItem != nil:
      reply = .ack
    case (.request, .dhcp):
      return leaseRequest(message, client)
    default:
      let type = message.type.map(String.init(describing:)) ?? "no type"
      return .ignore("\(type) on port \(arrival.port.rawValue) is not for a boot server")
    }
    if client.program == .http, arrival.port == .bootServer {
      return .ignore("UEFI HTTP Boot never asks port 4011")
    }
    if items?.wantsCredentials == true {
      return .silence(client, reason: "it asks for boot server credentials")
    }

    let answer = plan(client, arrival)
    guard let shape = Shape(answer, client, message, items) else {
      guard case .silence(let reason) = answer else {
        return .silence(client, reason: "what it should boot does not fit its kind: \(answer)")
      }
      return .silence(client, reason: reason)
    }
    return .reply(
      ProxyReply(
        type: reply, question: message, server: arrival.local, vendorClass: shape.vendorClass,
        file: shape.file, inOption67: shape.inOption67, vendorOptions: shape.vendorOptions,
        etherboot: shape.etherboot, destination: destination(message, arrival)),
      client, answer)
  }

  /// On 67 by RFC 2131 §4.1; on 4011 back to where it came from, because EDK2 listens on 4011 and
  /// other ROMs on 68 (Fixtures/captures/e13.pcap).
  private static func destination(_ message: DHCPMessage, _ arrival: Arrival) -> ReplyDestination {
    if !message.giaddr.isUnspecified { return .unicast(Endpoint(message.giaddr, 67)) }
    if arrival.port == .bootServer, !arrival.source.address.isUnspecified {
      return .unicast(arrival.source)
    }
    if !message.ciaddr.isUnspecified { return .unicast(Endpoint(message.ciaddr, 68)) }
    guard !message.wantsBroadcast, let mac = message.mac else { return .broadcast }
    return .hardware(mac)
  }

  private static func leaseRequest(_ message: DHCPMessage, _ client: BootClient) -> ProxyDecision {
    let requested = message.options.first(.requestedAddress).flatMap { IPv4Address(bytes: $0) }
    let address = requested ?? message.ciaddr
    guard !address.isUnspecified else { return .ignore("a REQUEST without an address") }
    let server = message.options.first(.serverIdentifier).flatMap { IPv4Address(bytes: $0) }
    return .leaseRequested(client, address: address, server: server)
  }
}

/// The form in which a kind of client takes its answer.
private struct Shape {
  var vendorClass = "PXEClient"
  var file: String
  var inOption67 = false
  var vendorOptions: [UInt8]?
  var etherboot: [UInt8]?

  /// nil when the plan is silence, or is nothing that this client can fetch.
  init?(_ plan: BootPlan, _ client: BootClient, _ message: DHCPMessage, _ items: VendorOptions?) {
    switch (client.program, plan) {
    case (.pxe, .loader(let file)) where client.architecture == .bios:
      // Everything in the offer, no boot server discovery.
      self.file = file
      vendorOptions = VendorOptions.useOfferedFile.encoded
    case (.pxe, .loader(let file)):
      // UEFI: first without option 43, and then it asks port 4011; a DISCOVER that is repeated shows
      // that this firmware wants to be told to use the file.
      self.file = file
      if Self.isRetry(message) {
        vendorOptions = VendorOptions.useOfferedFileWithPrompt.encoded
      }
    case (.http, .httpLoader(let url)):
      vendorClass = "HTTPClient"
      file = url
      inOption67 = true
    case (.ipxe, .script(let url)):
      // A URL that is too long for the header's field goes into option 67, which iPXE reads when
      // the field is empty.
      file = url
      inOption67 = url.utf8.count > 127
      vendorOptions = VendorOptions.useOfferedFile.encoded
      etherboot = EtherbootOptions.raisedPriority
    case (.ipxe, .loader(let file)):
      self.file = file
      vendorOptions = VendorOptions.useOfferedFile.encoded
      etherboot = EtherbootOptions.raisedPriority
    default:
      return nil
    }
    guard file.utf8.count <= (inOption67 ? 254 : 127) else { return nil }
    if let item = items?.bootItem {
      vendorOptions = VendorOptions.answering(bootItem: item).encoded
    }
  }

  /// EDK2 counts `secs` from its first DISCOVER and repeats after 4 s (Fixtures/captures/e15.pcap).
  private static func isRetry(_ message: DHCPMessage) -> Bool {
    message.type == .discover && message.secs >= 4
  }
}
