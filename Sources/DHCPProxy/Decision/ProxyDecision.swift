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

  /// Decides by message type and port; what to boot comes from `plan`, in which way it is told from
  /// `rules` and `memory`.
  ///
  /// | asks                       | port | gets                                       |
  /// |----------------------------|------|--------------------------------------------|
  /// | DISCOVER                   | 67   | OFFER                                      |
  /// | REQUEST, INFORM            | 4011 | ACK, to the port that it came from         |
  /// | DISCOVER                   | 4011 | OFFER, to the port that it came from       |
  /// | REQUEST, INFORM with 43.71 | 67   | ACK: boot server discovery by broadcast    |
  /// | REQUEST                    | 67   | nothing: it is the DHCP server's           |
  package static func decide(
    _ message: DHCPMessage, _ arrival: Arrival, plan: BootPlanner, memory: inout StrategyMemory,
    rules: BootRules, at now: ContinuousClock.Instant
  ) -> ProxyDecision {
    var client: BootClient
    do throws(BootClient.Refusal) {
      client = try BootClient(message)
    } catch {
      return .ignore(error.description)
    }
    guard message.giaddr.isUnspecified || message.giaddr.isHost else {
      // dnsmasq's extension marks packets that it relays to itself with 255.255.255.255.
      return .ignore("its relay address \(message.giaddr) is no host's")
    }

    // HTTP Boot knows no boot servers, and no 43 in an answer.
    let items =
      client.program == .http
      ? nil : message.options.value(.vendorSpecific).flatMap { try? VendorOptions(parsing: $0) }
    let question: Question
    switch Question.read(message, arrival, client, items) {
    case .asked(let asked): question = asked
    case .lease: return leaseRequest(message, client)
    case .notOurs(let reason): return .ignore(reason)
    }
    if items?.wantsCredentials == true {
      return .silence(client, reason: "it asks for boot server credentials")
    }
    if let relay = message.options.value(.relayAgentInformation), relay.count > 255 {
      return .ignore("its relay's option 82 is too long to be sent back")
    }
    if let refusal = rules.admission.refusal(client, message, arrival) {
      return .silence(client, reason: refusal)
    }

    let pinned = rules.pins.choice(for: client)
    if pinned?.strategy == .raspberryPi { client.family = .raspberryPi }
    if client.family == .uBoot, pinned == nil {
      return .silence(
        client,
        reason: "U-Boot is answered only where a rule pins a way, like "
          + "«mac \(client.mac) = everything»")
    }

    let answer = plan(client, arrival)
    if case .silence(let reason) = answer { return .silence(client, reason: reason) }
    guard let file = answer.file(for: client) else {
      return .silence(client, reason: "what it should boot does not fit its kind: \(answer)")
    }
    if client.program == .ipxe(speaksHTTP: false), !memory.mayChain(client.mac, message, at: now) {
      return .silence(
        client,
        reason: "it is an iPXE without HTTP and had \(ChainLimit.programs) boot programs within "
          + "two minutes; name one with HTTP for it under «loaders»")
    }
    if question.isBootServers { memory.askedBootServer(client.mac, at: now) }
    // The program that was offered runs: the firmware's way is a good one.
    if client.family == .ipxe, message.type == .discover { memory.worked(client.mac, at: now) }
    let choice = pinned ?? memory.strategy(for: client, message, at: now)
    return reply(message, arrival, client, answer, file, choice, question, items)
  }

  private static func reply(
    _ message: DHCPMessage, _ arrival: Arrival, _ client: BootClient, _ plan: BootPlan,
    _ file: String, _ choice: StrategyChoice, _ question: Question, _ items: VendorOptions?
  ) -> ProxyDecision {
    let shape = choice.strategy.shape
    let form = question.isBootServers ? shape.bootServer : shape.offer
    let vendor =
      items?.bootItem.map(VendorOptions.answering(bootItem:))
      ?? form.vendor.options(server: arrival.local)
    let reply = ProxyReply(
      type: question.answer, question: message, server: arrival.local, choice: choice, file: file,
      filePlace: form.file, vendorOptions: vendor,
      destination: destination(message, arrival, client))
    let length = file.utf8.count
    let limit = form.file == .header ? 127 : 254
    guard length <= limit, length <= 127 || reply.fitsOldFirmware else {
      return .silence(
        client, reason: "what it should boot has a name of \(length) bytes, which fits nowhere")
    }
    return .reply(reply, client, plan)
  }

  /// On 67 by RFC 2131 §4.1; on 4011 back to where it came from, because EDK2 listens on 4011 and
  /// other ROMs on 68 (Fixtures/captures/e13.pcap).
  private static func destination(
    _ message: DHCPMessage, _ arrival: Arrival, _ client: BootClient
  ) -> ReplyDestination {
    if !message.giaddr.isUnspecified { return .unicast(Endpoint(message.giaddr, 67)) }
    if arrival.port == .bootServer, !arrival.source.address.isUnspecified, arrival.source.port != 0
    {
      return .unicast(arrival.source)
    }
    // A DISCOVER has no ciaddr (RFC 2131 §4.4.1, table 5): whoever writes one there would have us ask
    // the network for an address that nobody has.
    if message.ciaddr.isHost, message.type != .discover {
      return .unicast(Endpoint(message.ciaddr, 68))
    }
    guard !message.wantsBroadcast else { return .broadcast }
    return .hardware(client.mac)
  }

  private static func leaseRequest(_ message: DHCPMessage, _ client: BootClient) -> ProxyDecision {
    let requested = message.options.value(.requestedAddress).flatMap { IPv4Address(bytes: $0) }
    let address = requested ?? message.ciaddr
    guard !address.isUnspecified else { return .ignore("a REQUEST without an address") }
    let server = message.options.value(.serverIdentifier).flatMap { IPv4Address(bytes: $0) }
    return .leaseRequested(client, address: address, server: server)
  }
}

/// What kind of question a message is.
private struct Question {
  /// The type of the answer.
  var answer: MessageType
  /// The second exchange, after the offer.
  var isBootServers: Bool

  enum Reading {
    case asked(Question)
    /// The DHCP server's.
    case lease
    case notOurs(String)
  }

  static func read(
    _ message: DHCPMessage, _ arrival: Arrival, _ client: BootClient, _ items: VendorOptions?
  ) -> Reading {
    if client.program == .http, arrival.port == .bootServer {
      return .notOurs("UEFI HTTP Boot never asks port 4011")
    }
    switch (message.type, arrival.port) {
    case (.discover, _):
      return .asked(Question(answer: .offer, isBootServers: arrival.port == .bootServer))
    case (.request, .bootServer), (.inform, .bootServer):
      return .asked(Question(answer: .ack, isBootServers: true))
    case (.request, .dhcp), (.inform, .dhcp):
      if let type = items?.bootServerType {
        // By broadcast everybody hears it: a type of another server's menu is for that server.
        guard type == 0 || type == VendorOptions.ownServerType else {
          return .notOurs("it looks for a boot server of type \(type), and that is another one")
        }
        return .asked(Question(answer: .ack, isBootServers: true))
      }
      if message.type == .request { return .lease }
    default: break
    }
    let type = message.type.map(String.init(describing:)) ?? "no type"
    return .notOurs("\(type) on port \(arrival.port.rawValue) is not for a boot server")
  }
}

extension BootPlan {
  /// The name or URL for this client; nil when it is nothing that it can fetch.
  fileprivate func file(for client: BootClient) -> String? {
    switch (client.family, self) {
    case (.bios, .loader(let file)), (.uefi, .loader(let file)), (.other, .loader(let file)),
      (.uBoot, .loader(let file)), (.ipxe, .loader(let file)):
      file.isEmpty ? nil : file
    case (.httpBoot, .httpLoader(let url)), (.ipxe, .script(let url)):
      url.isEmpty ? nil : url
    case (.raspberryPi, .raspberryPi): ""
    default: nil
    }
  }
}

extension IPv4Address {
  /// One machine's address, to which a datagram may be sent: no loopback (127/8), multicast or
  /// reserved one (224/3 and above), none in 0/8.
  fileprivate var isHost: Bool {
    let first = value >> 24
    return first != 0 && first != 127 && first < 224
  }
}
