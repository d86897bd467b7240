/// BootDoctor: the steps of a boot as lines for people.

package struct StoryLine: Equatable, Sendable {
  package var moment: Moment
  /// The last packet of it, where there is more than one.
  package var lastPacket: Int
  /// Stable, for programs: `dhcp`, `boot-server`, `tftp`, `http`, `tcp`, `dns`, `arp`.
  package var kind: String
  package var text: String
  /// Nothing good.
  package var isTrouble = false

  package init(
    _ moment: Moment, lastPacket: Int? = nil, kind: String, text: String, isTrouble: Bool = false
  ) {
    self.moment = moment
    self.lastPacket = lastPacket ?? moment.packet
    self.kind = kind
    self.text = text
    self.isTrouble = isTrouble
  }
}

extension BootRecord {
  /// In the order of time.
  package var lines: [StoryLine] {
    steps.flatMap(\.lines).sorted { $0.moment.time < $1.moment.time }
  }
}

extension BootRecord.Step {
  package var lines: [StoryLine] {
    switch self {
    case .dhcp(let exchange): Self.lines(exchange)
    case .bootServer(let exchange): Self.lines(exchange)
    case .transfer(let transfer): [Self.line(transfer)]
    case .connection(let connection): [Self.line(connection)]
    case .http(let request): [Self.line(request)]
    case .lookup(let lookup):
      [
        StoryLine(
          lookup.begin, lastPacket: lookup.end.packet, kind: "dns",
          text: StoryText.lookup(lookup), isTrouble: lookup.isTrouble)
      ]
    case .address(let question):
      [
        StoryLine(
          question.begin, lastPacket: question.end.packet, kind: "arp",
          text: StoryText.address(question))
      ]
    }
  }

  private static func lines(_ exchange: DHCPExchange) -> [StoryLine] {
    func line(_ seen: Sightings, _ text: String, trouble: Bool = false) -> StoryLine {
      StoryLine(
        seen.first, lastPacket: seen.last.packet, kind: "dhcp", text: text + StoryText.times(seen),
        isTrouble: trouble)
    }
    var lines: [StoryLine] = []
    if let seen = exchange.questions { lines.append(line(seen, StoryText.question(exchange))) }
    if let seen = exchange.relayed {
      let relay = exchange.relay.map { " by relay \($0)" } ?? ""
      let text = exchange.questions == nil ? StoryText.question(exchange) : "passed on"
      lines.append(line(seen, text + relay))
    }
    let offer = exchange.version == .v6 ? "ADVERTISE" : "OFFER"
    lines += exchange.offers.map { line($0.sightings, StoryText.answer($0, type: offer)) }
    if let seen = exchange.requests { lines.append(line(seen, StoryText.request(exchange))) }
    let acknowledgment = exchange.version == .v6 ? "REPLY" : "ACK"
    lines += exchange.acknowledgments.map {
      line($0.sightings, StoryText.answer($0, type: acknowledgment))
    }
    if let seen = exchange.refusals {
      lines.append(line(seen, "NAK: the server takes the address back", trouble: true))
    }
    return lines
  }

  private static func lines(_ exchange: BootServerExchange) -> [StoryLine] {
    var lines = [
      StoryLine(
        exchange.requests.first, lastPacket: exchange.requests.last.packet, kind: "boot-server",
        text: StoryText.bootServerQuestion(exchange) + StoryText.times(exchange.requests))
    ]
    lines += exchange.answers.map {
      StoryLine(
        $0.sightings.first, kind: "boot-server",
        text: StoryText.answer($0, type: "answer of the boot server")
          + ($0.destinationPort == exchange.clientPort
            ? "" : ", to port \($0.destinationPort) instead of \(exchange.clientPort)"))
    }
    if let moment = exchange.unreachable {
      lines.append(
        StoryLine(
          moment, kind: "boot-server",
          text: "ICMP: nobody listens at \(exchange.server):\(exchange.serverPort)", isTrouble: true
        ))
    }
    return lines
  }

  private static func line(_ transfer: TFTPTransferRecord) -> StoryLine {
    let isTrouble: Bool
    switch transfer.outcome {
    case .whole, .probed, .running: isTrouble = false
    case .failed, .unanswered, .unreachable: isTrouble = true
    }
    return StoryLine(
      transfer.begin, lastPacket: transfer.last.packet, kind: "tftp",
      text: StoryText.transferEnds(transfer), isTrouble: isTrouble)
  }

  private static func line(_ connection: ConnectionRecord) -> StoryLine {
    StoryLine(
      connection.begin, lastPacket: connection.last.packet, kind: "tcp",
      text: StoryText.connection(connection),
      isTrouble: connection.wasRefused || connection.tls?.alert != nil)
  }

  private static func line(_ request: HTTPRecord) -> StoryLine {
    StoryLine(
      request.begin, lastPacket: request.last.packet, kind: "http",
      text: StoryText.requestEnds(request),
      isTrouble: request.status.map { $0 >= 400 } ?? false || request.ending == .cutByServer)
  }
}

extension NameLookup {
  fileprivate var isTrouble: Bool {
    if case .addresses = outcome { false } else { true }
  }
}
