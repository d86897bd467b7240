/// BootDoctor: DHCP for IPv4, the questions of machines and what servers say to them.

import DHCPProxy
import PacketCapture
import Wire

extension Explainer {
  mutating func receiveDHCP(
    _ packet: Packet, _ source: UInt16, _ destination: UInt16, _ payload: ArraySlice<UInt8>
  ) {
    let message: DHCPMessage
    do {
      message = try DHCPMessage(parsing: Array(payload))
    } catch {
      receiveMalformed(packet, (source, destination), payload, error)
      return
    }
    switch message.op {
    case .request: receive(question: message, packet, (source, destination), payload)
    case .reply: receive(answer: message, packet, (source, destination), payload)
    }
  }

  /// An answer that nobody can read is a reason why a boot fails; a question is not.
  private mutating func receiveMalformed(
    _ packet: Packet, _ ports: (UInt16, UInt16), _ payload: ArraySlice<UInt8>, _ error: WireError
  ) {
    guard !packet.isTruncated, payload.first == 2, payload.count >= 240 else { return }
    let base = payload.startIndex
    guard let mac = MACAddress(bytes: payload[(base + 28)..<(base + 34)]),
      let client = byHardware[mac]
    else { return }
    let transaction = payload[(base + 4)..<(base + 8)].reduce(0) { $0 << 8 | UInt32($1) }
    let moment = Moment(packet.time, packet: packet.number)
    let offer = BootOffer(
      Sightings(moment), source: packet.source, sourcePort: ports.0, destinationPort: ports.1,
      defects: [.malformed("\(error)")])
    guard let found = exchange(client, .v4, transaction) else { return }
    var exchange = found.exchange
    exchange.add(offer: offer)
    replace(found.place, with: .dhcp(exchange))
  }

  /// The exchange of this transaction in the present boot.
  func exchange(_ client: Int, _ version: DHCPExchange.Version, _ transaction: UInt32) -> (
    place: StepPlace, exchange: DHCPExchange
  )? {
    for (place, step) in recentSteps(client) {
      if case .dhcp(let exchange) = step, exchange.version == version,
        exchange.transaction == transaction
      {
        return (place, exchange)
      }
    }
    return nil
  }
}

// MARK: questions

extension Explainer {
  private mutating func receive(
    question message: DHCPMessage, _ packet: Packet, _ ports: (UInt16, UInt16),
    _ payload: ArraySlice<UInt8>
  ) {
    let asking: BootClient?
    do {
      asking = try BootClient(message)
    } catch {
      asking = nil
    }
    guard let mac = asking?.mac ?? message.mac else { return }
    // Who never wants to boot is no matter of ours.
    guard let client = asking == nil ? byHardware[mac] : client(making: mac) else { return }
    if let asking { note(asking, client) }
    if !message.ciaddr.isUnspecified { assign(.v4(message.ciaddr), to: client) }
    let moment = Moment(packet.time, packet: packet.number)
    clients[client].record.sent += 1
    let vendorOptions = message.options.value(.vendorSpecific).map(PXEVendorOptions.init)
    if ports.1 == 4011 || vendorOptions?.bootItem != nil, asking != nil {
      askBootServer(client, message, packet, ports, vendorOptions?.bootItem)
      return
    }
    guard let type = message.type, type == .discover || type == .request else { return }
    let asker =
      asking.map(Self.asker)
      ?? .system(message.options.value(.vendorClass).flatMap(ReceivedText.name))
    let signature = type == .discover ? payload.dropFirst(240).hashValue : nil
    let (place, opened) = opened(
      client, .v4, asker, message.xid, moment, family: asking?.family,
      architecture: asking?.architecture.rawValue, signature: signature)
    var exchange = opened
    let isRelayed = !message.giaddr.isUnspecified
    if isRelayed { exchange.relay = .v4(message.giaddr) }
    if exchange.vlan == nil { exchange.vlan = packet.vlan }
    if exchange.uuid == nil { exchange.uuid = asking?.uuid }
    if type == .discover {
      if isRelayed { exchange.relayed.add(moment) } else { exchange.questions.add(moment) }
      if !isRelayed || exchange.questions == nil {
        tell(client, moment, StoryText.question(exchange))
      }
    } else {
      exchange.requests.add(moment)
      exchange.chosen =
        message.options.value(.serverIdentifier).flatMap { IPv4Address(bytes: $0) }
        .map(IPAddress.v4) ?? exchange.chosen
      exchange.seconds = message.secs
      tell(client, moment, StoryText.request(exchange))
    }
    replace(place, with: .dhcp(exchange))
  }

  private static func asker(_ client: BootClient) -> DHCPExchange.Asker {
    switch client.program {
    case .pxe: .pxe
    case .http: .httpBoot
    case .ipxe: .ipxe
    }
  }

  private mutating func note(_ asking: BootClient, _ client: Int) {
    let isIPXE = asking.family == .ipxe
    if let uuid = asking.uuid, uuid.isIdentity { clients[client].record.uuid = uuid }
    if clients[client].record.architecture == nil || !isIPXE {
      clients[client].record.architecture = asking.architecture.rawValue
    }
    if clients[client].record.family == nil || !isIPXE {
      clients[client].record.family = asking.family
    }
    pendingUUID = asking.uuid.flatMap { $0.isIdentity ? $0 : nil }
  }

  /// The exchange that a question belongs to; a new one, perhaps of a new boot.
  mutating func opened(
    _ client: Int, _ version: DHCPExchange.Version, _ asker: DHCPExchange.Asker,
    _ transaction: UInt32, _ moment: Moment, family: FirmwareFamily?, architecture: UInt16?,
    signature: Int?
  ) -> (StepPlace?, DHCPExchange) {
    if let found = exchange(client, version, transaction), found.exchange.asker == asker,
      Span.between(found.exchange.end.time, moment.time) < Span.seconds(90)
    {
      return found
    }
    if let found = retried(client, version, asker, moment) {
      var exchange = found.exchange
      exchange.transaction = transaction
      return (found.place, exchange)
    }
    if startsBoot(client, asker, moment, signature) {
      let known = clients[client].record
      var record = BootRecord(
        mac: known.mac, uuid: pendingUUID ?? known.uuid, architecture: architecture,
        family: family, seenUntil: now)
      if case .system = asker { record.architecture = known.architecture }
      begin(client, record, signature: signature)
    }
    let exchange = DHCPExchange(
      version: version, asker: asker, family: family, transaction: transaction,
      architecture: architecture)
    return (append(.dhcp(exchange), to: client), exchange)
  }

  /// Some firmware takes another transaction for each try.
  private func retried(
    _ client: Int, _ version: DHCPExchange.Version, _ asker: DHCPExchange.Asker, _ moment: Moment
  ) -> (place: StepPlace, exchange: DHCPExchange)? {
    guard let (place, step) = recentSteps(client).first, case .dhcp(let exchange) = step,
      exchange.version == version, exchange.asker == asker, exchange.offers.isEmpty,
      exchange.acknowledgments.isEmpty, exchange.requests == nil,
      Span.between(exchange.end.time, moment.time) < Span.seconds(20)
    else { return nil }
    return (place, exchange)
  }

  private func startsBoot(
    _ client: Int, _ asker: DHCPExchange.Asker, _ moment: Moment, _ signature: Int?
  ) -> Bool {
    guard let boot = clients[client].boots.last else { return true }
    let gap = Span.between(boot.record.end.time, moment.time)
    switch asker {
    case .system: return false
    case .pxe, .httpBoot: return true
    case .ipxe:
      if gap > Span.seconds(90) || boot.record.systemRuns { return true }
      if gap < Span.seconds(60), hasNewProgram(client) { return false }
      // What the machine said when it began, again: it began again. A script's `dhcp` may say it too,
      // but at once.
      return signature != nil && signature == boot.signature && gap >= Span.seconds(3)
    }
  }
}

extension Explainer {
  /// The last thing that this machine did was to fetch a boot program: what asks now is that.
  private func hasNewProgram(_ client: Int) -> Bool {
    for (_, step) in recentSteps(client) {
      switch step {
      case .address: continue
      case .transfer(let transfer):
        switch transfer.content {
        case .script, .kernel, .page: return false
        case .program, .other, nil: return transfer.isWhole
        }
      case .http(let request):
        if case .program = request.content { return request.isWhole }
        return false
      case .dhcp, .bootServer, .connection, .lookup: return false
      }
    }
    return false
  }
}

// MARK: port 4011

extension Explainer {
  private mutating func askBootServer(
    _ client: Int, _ message: DHCPMessage, _ packet: Packet, _ ports: (UInt16, UInt16),
    _ bootItem: UInt16?
  ) {
    let moment = Moment(packet.time, packet: packet.number)
    for (place, step) in recentSteps(client) {
      guard case .bootServer(var exchange) = step else { continue }
      guard exchange.server == packet.destination, exchange.bootItem == bootItem,
        Span.between(exchange.end.time, moment.time) < Span.seconds(20)
      else { break }
      exchange.requests.add(moment)
      exchange.transaction = message.xid
      replace(place, with: .bootServer(exchange))
      return
    }
    let exchange = BootServerExchange(
      transaction: message.xid, server: packet.destination, clientPort: ports.0,
      serverPort: ports.1, requests: Sightings(moment), bootItem: bootItem)
    _ = append(.bootServer(exchange), to: client)
    tell(client, moment, StoryText.bootServerQuestion(exchange))
  }

  /// Whether this is the answer to a question at a boot server.
  private func bootServerExchange(
    _ client: Int, _ message: DHCPMessage, _ packet: Packet, _ ports: (UInt16, UInt16)
  ) -> (StepPlace, BootServerExchange)? {
    for (place, step) in recentSteps(client) {
      guard case .bootServer(let exchange) = step else { continue }
      guard exchange.transaction == message.xid,
        exchange.server == packet.source || exchange.server == .broadcast,
        message.yiaddr.isUnspecified
      else { continue }
      return (place, exchange)
    }
    return nil
  }
}

// MARK: answers

extension Explainer {
  private mutating func receive(
    answer message: DHCPMessage, _ packet: Packet, _ ports: (UInt16, UInt16),
    _ payload: ArraySlice<UInt8>
  ) {
    let offer = BootOffer(message, in: packet, ports: ports, payload: payload)
    let moment = offer.sightings.first
    guard let client = answeredClient(message, offer) else { return }
    clients[client].record.received += 1
    if let (place, asked) = bootServerExchange(client, message, packet, ports) {
      var exchange = asked
      exchange.add(answer: offer)
      replace(place, with: .bootServer(exchange))
      tell(client, moment, StoryText.answer(offer, type: "answer of the boot server"))
      return
    }
    guard let found = answeredExchange(client, message, offer, moment) else { return }
    var exchange = found.exchange
    switch message.type {
    case MessageType.ack:
      exchange.add(acknowledgment: offer)
      if let address = offer.address { assign(address, to: client) }
      tell(client, moment, StoryText.answer(offer, type: "ACK"))
    case MessageType.nak:
      exchange.refusals.add(moment)
      tell(client, moment, "NAK from \(offer.server)")
    default:
      exchange.add(offer: offer)
      tell(client, moment, StoryText.answer(offer, type: "OFFER"))
    }
    replace(found.place, with: .dhcp(exchange))
  }

  private mutating func answeredClient(_ message: DHCPMessage, _ offer: BootOffer) -> Int? {
    var mac = message.mac
    if mac == nil, message.hlen == 16 {
      mac = message.options.value(.clientIdentifier).flatMap {
        $0.first == 1 ? MACAddress(bytes: $0.dropFirst()) : nil
      }
    }
    guard let mac else { return nil }
    // The questions may be missing in a capture; an answer for PXE shows that there was one.
    return offer.isPXE || offer.isHTTP ? client(making: mac) : byHardware[mac]
  }

  private mutating func answeredExchange(
    _ client: Int, _ message: DHCPMessage, _ offer: BootOffer, _ moment: Moment
  ) -> (place: StepPlace, exchange: DHCPExchange)? {
    if let found = exchange(client, .v4, message.xid) { return found }
    guard offer.isPXE || offer.isHTTP else { return nil }
    pendingUUID = nil
    let asker: DHCPExchange.Asker = offer.isHTTP ? .httpBoot : .pxe
    let (place, exchange) = opened(
      client, .v4, asker, message.xid, moment, family: nil, architecture: nil, signature: nil)
    return place.map { ($0, exchange) }
  }
}
