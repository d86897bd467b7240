/// DHCPv6Proxy: one question, one answer. The whole policy of the protocol, without a socket.

package import Wire

/// What to do with a message that came in.
///
/// RFC 5970 knows no proxy; EDK2 does: it takes the address from the ADVERTISE with an address and
/// the boot file from the one without, as in IPv4. iPXE does not: it takes all from the server that
/// gives the address, and drops an ADVERTISE without one.
package enum ProxyDecisionV6: Equatable, Sendable {
  case reply(ProxyReplyV6, BootPlanV6)
  /// A boot client that is not answered now, for a reason worth telling.
  case silence(reason: String)
  /// A boot client takes an address from another server. Nothing to answer, but it tells which
  /// address the machine will have.
  case leaseRequested(address: IPv6Address, server: DUID)
  /// Not ours to answer.
  case ignore(String)

  /// Decides by message type and port; what to boot comes from `plan`.
  ///
  /// | asks                        | port | gets                                              |
  /// |-----------------------------|------|---------------------------------------------------|
  /// | SOLICIT of firmware         | 547  | ADVERTISE, to the address that it came from        |
  /// | SOLICIT of iPXE             | 547  | nothing: it would drop it                          |
  /// | INFORMATION-REQUEST         | 547  | REPLY: the router gave the address                 |
  /// | REQUEST that names us       | 547  | REPLY, with NoAddrsAvail                           |
  /// | REQUEST that names us       | 4011 | REPLY, to the port that it came from               |
  /// | REQUEST that names another  | 547  | nothing: it is the DHCPv6 server's                 |
  package static func decide(
    _ question: RelayedMessage, _ client: BootClientV6, _ arrival: ArrivalV6, server: DUID,
    plan: BootPlannerV6
  ) -> ProxyDecisionV6 {
    let message = question.message
    let named = message.options.first(.serverIdentifier)
    let isOurs = named == server.bytes
    let associations = message.options.filter { $0.code == .identityAssociation }
      .compactMap { try? IdentityAssociation(parsing: $0.bytes) }

    // RFC 8415 §16: what a server must discard.
    if arrival.port == .dhcp, !arrival.isMulticast, question.hops.isEmpty {
      return .ignore("\(message.type) without a relay, but not by multicast")
    }
    let reply: DHCPv6MessageType
    switch (message.type, arrival.port) {
    case (.solicit, .dhcp):
      guard named == nil else { return .ignore("a SOLICIT that names a server") }
      reply = .advertise
    case (.informationRequest, .dhcp):
      guard named == nil || isOurs else { return .ignore("it names another server") }
      guard !message.options.contains(where: { Self.associations.contains($0.code) }) else {
        return .ignore("an INFORMATION-REQUEST that wants addresses")
      }
      reply = .reply
    case (.request, .dhcp) where !isOurs:
      return leaseRequest(named, associations)
    case (.request, .bootServer) where !isOurs:
      return .ignore("it names another server")
    case (.request, _):
      reply = .reply
    default:
      return .ignore("\(message.type) on port \(arrival.port.rawValue) is not for a boot server")
    }
    if client.program == .http, arrival.port == .bootServer {
      return .ignore("UEFI HTTP Boot never asks port 4011")
    }
    if client.program == .ipxe, reply == .advertise {
      return .silence(
        reason: "iPXE takes its script only from the DHCPv6 server that gives it an address")
    }

    let answer = plan(client, arrival)
    guard let shape = Shape(answer, client, arrival) else {
      guard case .silence(let reason) = answer else {
        return .silence(reason: "what it should boot does not fit its kind: \(answer)")
      }
      return .silence(reason: reason)
    }
    return .reply(
      ProxyReplyV6(
        type: reply, question: question, server: server, vendorClass: shape.vendorClass,
        url: shape.url, refused: message.type == .request ? associations.map(\.identifier) : [],
        destination: destination(question, arrival)),
      answer)
  }

  private static let associations: [DHCPv6OptionCode] = [
    .identityAssociation, .temporaryAssociation, .prefixDelegation,
  ]

  /// Clients listen on 546, relays on 547 or where they say (RFC 8415 §7.2, RFC 8357); EDK2's boot
  /// server question comes from 4011 and is answered there.
  private static func destination(_ question: RelayedMessage, _ arrival: ArrivalV6) -> Endpoint {
    if arrival.port == .bootServer { return arrival.source }
    guard let relay = question.hops.first else { return Endpoint(arrival.source.address, 546) }
    let choosesPort = relay.options.first(.relaySourcePort) != nil
    return Endpoint(arrival.source.address, choosesPort ? arrival.source.port : 547)
  }

  private static func leaseRequest(
    _ named: [UInt8]?, _ associations: [IdentityAssociation]
  ) -> ProxyDecisionV6 {
    guard let server = named.flatMap(DUID.init) else {
      return .ignore("a REQUEST that names no server")
    }
    guard let address = associations.lazy.flatMap(\.addresses).first else {
      return .ignore("a REQUEST without an address")
    }
    return .leaseRequested(address: address, server: server)
  }
}

/// The form in which a kind of client takes its answer.
private struct Shape {
  var vendorClass: String
  var url: String

  /// nil when the plan is silence, or is nothing that this client can fetch. EDK2 has room for
  /// messages of 1,472 bytes.
  init?(_ plan: BootPlanV6, _ client: BootClientV6, _ arrival: ArrivalV6) {
    switch (client.program, plan) {
    case (.pxe, .loader(let file)), (.ipxe, .loader(let file)):
      let path = file.split(separator: "/").map(URLPath.encoded).joined(separator: "/")
      url = "tftp://\(IPAddress.v6(arrival.local).urlHost)/\(path)"
    case (.http, .httpLoader(let url)), (.ipxe, .script(let url)):
      self.url = url
    default:
      return nil
    }
    vendorClass = client.program == .http ? "HTTPClient" : "PXEClient"
    guard (1...1024).contains(url.utf8.count), url.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
    else { return nil }
  }
}
