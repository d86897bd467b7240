/// BootDoctor: DHCPv6, as far as it is for booting.

import DHCPProxy
import DHCPv6Proxy
import PacketCapture
import Wire

extension Explainer {
  mutating func receiveDHCPv6(
    _ packet: Packet, _ source: UInt16, _ destination: UInt16, _ payload: ArraySlice<UInt8>
  ) {
    guard let asker = packet.source.v6,
      let question = try? RelayedMessage(parsing: Array(payload))
    else { return }
    switch question.message.type {
    case .solicit, .request, .informationRequest:
      receive(question, from: asker, packet, source, destination)
    case .advertise, .reply: receive(answer: question.message, packet, source, destination)
    default: break
    }
  }

  /// What an operating system, or UEFI's own IPv6 stack, asks on its own is no boot.
  private mutating func receive(
    _ question: RelayedMessage, from source: IPv6Address, _ packet: Packet,
    _ sourcePort: UInt16, _ destinationPort: UInt16
  ) {
    guard let asking = try? BootClientV6(question, from: source),
      let client = machine(asking, packet)
    else { return }
    let moment = Moment(packet.time, packet: packet.number)
    clients[client].record.sent += 1
    if byIdentifier.count < 4 * Self.mostClients { byIdentifier[asking.duid] = client }
    if question.hops.isEmpty, !source.isLinkLocal { assign(.v6(source), to: client) }
    note(asking, client)
    if destinationPort == 4011 {
      let exchange = BootServerExchange(
        transaction: asking.transaction, server: packet.destination, clientPort: sourcePort,
        requests: Sightings(moment))
      for (place, step) in recentSteps(client) {
        guard case .bootServer(var known) = step, known.server == exchange.server else { continue }
        known.requests.add(moment)
        known.transaction = exchange.transaction
        replace(place, with: .bootServer(known))
        return
      }
      _ = append(.bootServer(exchange), to: client)
      tell(client, moment, StoryText.bootServerQuestion(exchange))
      return
    }
    let asker: DHCPExchange.Asker =
      switch asking.program {
      case .pxe: .pxe
      case .http: .httpBoot
      case .ipxe: .ipxe
      }
    if question.message.type == .request, let found = latest(client, asker) {
      var exchange = found.exchange
      exchange.requests.add(moment)
      replace(found.place, with: .dhcp(exchange))
      tell(client, moment, StoryText.request(exchange))
      return
    }
    pendingUUID = asking.uuid.flatMap { $0.isIdentity ? $0 : nil }
    let (place, opened) = opened(
      client, .v6, asker, asking.transaction, moment, family: Self.family(asking),
      architecture: asking.architecture, signature: asking.architecture.hashValue ^ 6)
    var exchange = opened
    if !question.hops.isEmpty { exchange.relay = .v6(source) }
    if exchange.vlan == nil { exchange.vlan = packet.vlan }
    exchange.questions.add(moment)
    replace(place, with: .dhcp(exchange))
    tell(client, moment, StoryText.question(exchange))
  }

  private mutating func machine(_ asking: BootClientV6, _ packet: Packet) -> Int? {
    if let mac = asking.mac { return client(making: mac) }
    if let known = byIdentifier[asking.duid] { return known }
    return client(making: packet.source, hardware: packet.sourceHardware)
  }

  private static func family(_ asking: BootClientV6) -> FirmwareFamily {
    switch asking.program {
    case .pxe: .uefi
    case .http: .httpBoot
    case .ipxe: .ipxe
    }
  }

  private mutating func note(_ asking: BootClientV6, _ client: Int) {
    let family = Self.family(asking)
    if let uuid = asking.uuid, uuid.isIdentity { clients[client].record.uuid = uuid }
    if clients[client].record.family == nil || family != .ipxe {
      clients[client].record.family = family
      clients[client].record.architecture = asking.architecture
    }
  }

  private func latest(_ client: Int, _ asker: DHCPExchange.Asker) -> (
    place: StepPlace, exchange: DHCPExchange
  )? {
    for (place, step) in recentSteps(client) {
      if case .dhcp(let exchange) = step, exchange.version == .v6, exchange.asker == asker {
        return (place, exchange)
      }
    }
    return nil
  }

  private mutating func receive(
    answer message: DHCPv6Message, _ packet: Packet, _ source: UInt16, _ destination: UInt16
  ) {
    guard let duid = message.options.first(.clientIdentifier).flatMap(DUID.init),
      let client = byIdentifier[duid]
    else { return }
    clients[client].record.received += 1
    let offer = Self.offer(message, packet, source, destination)
    let moment = offer.sightings.first
    if source == 4011 || destination == 4011 {
      for (place, step) in recentSteps(client) {
        guard case .bootServer(var exchange) = step,
          exchange.transaction == message.transaction
        else { continue }
        exchange.add(answer: offer)
        replace(place, with: .bootServer(exchange))
        tell(client, moment, StoryText.answer(offer, type: "answer of the boot server"))
        return
      }
    }
    for (place, step) in recentSteps(client) {
      guard case .dhcp(var exchange) = step, exchange.version == .v6 else { continue }
      if message.type == .advertise {
        guard exchange.transaction == message.transaction else { continue }
        exchange.add(offer: offer)
      } else {
        guard exchange.requests != nil else { continue }
        exchange.add(acknowledgment: offer)
        if let address = offer.address { assign(address, to: client) }
      }
      if let code = Self.status(message) { exchange.statusCode = code }
      replace(place, with: .dhcp(exchange))
      tell(client, moment, StoryText.answer(offer, type: "\(message.type)"))
      return
    }
  }

  private static func offer(
    _ message: DHCPv6Message, _ packet: Packet, _ source: UInt16, _ destination: UInt16
  ) -> BootOffer {
    let association = message.options.first(.identityAssociation)
      .flatMap { try? IdentityAssociation(parsing: $0) }
    let vendorClass = message.options.first(.vendorClass).map { bytes in
      // Enterprise (4), then texts with a length of two bytes.
      ReceivedText.printable(bytes.dropFirst(6))
    }
    return BootOffer(
      Sightings(Moment(packet.time, packet: packet.number)), source: packet.source,
      sourcePort: source, destinationPort: destination,
      address: association?.addresses.first.map(IPAddress.v6), vendorClass: vendorClass,
      bootFileName: message.options.first(.bootFileURL).flatMap(ReceivedText.name),
      vlan: packet.vlan)
  }

  /// RFC 8415 §21.13, of the message or of its association: 2 is NoAddrsAvail.
  private static func status(_ message: DHCPv6Message) -> UInt16? {
    var code = message.options.first(.statusCode)
    if code == nil, let association = message.options.first(.identityAssociation) {
      var rest = association.dropFirst(12)
      while rest.count >= 4 {
        let head = Array(rest.prefix(4))
        let count = Int(head[2]) << 8 | Int(head[3])
        if head[0] == 0, head[1] == 13 { code = Array(rest.dropFirst(4).prefix(count)) }
        rest = rest.dropFirst(4 + count)
      }
    }
    guard let code, code.count >= 2 else { return nil }
    let number = UInt16(code[0]) << 8 | UInt16(code[1])
    return number == 0 ? nil : number
  }
}
