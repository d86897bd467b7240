/// BootDoctor: ARP, ICMP and DNS, as far as they tell why a boot fails.

import PacketCapture
import Wire

extension Explainer {
  /// Who has which address, and questions that get no answer.
  mutating func receive(_ message: ARPMessage, of packet: Packet) {
    let moment = Moment(packet.time, packet: packet.number)
    let sender = IPAddress.v4(message.sender)
    if let client = byHardware[message.senderHardware] {
      clients[client].record.sent += 1
      if !message.sender.isUnspecified { assign(sender, to: client) }
      guard message.operation == 1, message.target != message.sender else { return }
      ask(client, .v4(message.target), moment)
      return
    }
    guard message.operation == 2, let client = byHardware[message.targetHardware] else { return }
    for (place, step) in recentSteps(client) {
      guard case .address(var question) = step, question.target == sender else { continue }
      if question.answered == nil {
        question.answered = moment
        replace(place, with: .address(question))
      }
      return
    }
  }

  private mutating func ask(_ client: Int, _ target: IPAddress, _ moment: Moment) {
    for (place, step) in recentSteps(client) {
      guard case .address(var question) = step, question.target == target else { continue }
      question.questions.add(moment)
      replace(place, with: .address(question))
      return
    }
    guard !clients[client].boots.isEmpty else { return }
    _ = append(
      .address(AddressQuestion(target: target, questions: Sightings(moment))), to: client)
  }

  /// Destination unreachable and packet too big, about a packet of a machine or to it.
  mutating func receive(_ message: ICMPMessage, of packet: Packet) {
    guard let quoted = message.quoted, let source = quoted.sourcePort,
      let destination = quoted.destinationPort
    else { return }
    let isV6 = packet.source.v6 != nil
    let isUnreachable = isV6 ? message.type == 1 : message.type == 3 && message.code != 4
    let isTooBig = isV6 ? message.type == 2 : message.type == 3 && message.code == 4
    guard isUnreachable || isTooBig else { return }
    let moment = Moment(packet.time, packet: packet.number)
    switch quoted.nextProtocol {
    case 17 where destination == 4011: refuseBootServer(quoted, moment)
    case 17 where destination == 53: refuseLookup(quoted, moment)
    case 17: refuseTransfer(quoted, source, destination, moment, isTooBig: isTooBig)
    case 6 where isUnreachable:
      let key = FlowKey(
        tcp: quoted.source, port: source, server: quoted.destination, serverPort: destination)
      guard let index = connectionPlaces[key] else { return }
      connections[index].refuse(at: moment)
      write(connection: index)
      tell(
        connections[index].client, moment,
        "ICMP: \(quoted.destination):\(destination) is unreachable")
    default: break
    }
  }

  private mutating func refuseBootServer(_ quoted: ICMPMessage.Quoted, _ moment: Moment) {
    guard let client = byAddress[quoted.source] else { return }
    for (place, step) in recentSteps(client) {
      guard case .bootServer(var exchange) = step, exchange.server == quoted.destination else {
        continue
      }
      if exchange.unreachable == nil { exchange.unreachable = moment }
      replace(place, with: .bootServer(exchange))
      tell(client, moment, "ICMP: \(quoted.destination):4011 is unreachable")
      return
    }
  }

  private mutating func refuseLookup(_ quoted: ICMPMessage.Quoted, _ moment: Moment) {
    guard let client = byAddress[quoted.source] else { return }
    for (place, step) in recentSteps(client) {
      guard case .lookup(var lookup) = step, lookup.server == quoted.destination,
        lookup.outcome == .unanswered
      else { continue }
      lookup.outcome = .unreachable
      lookup.answered = moment
      replace(place, with: .lookup(lookup))
      return
    }
  }

  /// About a datagram of the machine, or (a block that is too large) of the server.
  private mutating func refuseTransfer(
    _ quoted: ICMPMessage.Quoted, _ source: UInt16, _ destination: UInt16, _ moment: Moment,
    isTooBig: Bool
  ) {
    let ofClient = FlowKey(udp: quoted.source, port: source, server: quoted.destination)
    let ofServer = FlowKey(udp: quoted.destination, port: destination, server: quoted.source)
    if let index = transferPlaces[ofClient], !isTooBig {
      guard transfers[index].record.outcome == .unanswered else { return }
      transfers[index].record.outcome = .unreachable
      transfers[index].record.last = moment
      transfers[index].isDirty = true
      write(transfer: index)
      tell(transfers[index].client, moment, "ICMP: TFTP at \(quoted.destination) is unreachable")
    } else if let index = transferPlaces[ofServer], isTooBig {
      if transfers[index].record.tooBig == nil { transfers[index].record.tooBig = moment }
      transfers[index].isDirty = true
      write(transfer: index)
    }
  }
}

extension Explainer {
  mutating func receiveDNS(
    _ packet: Packet, _ source: UInt16, _ destination: UInt16, _ payload: ArraySlice<UInt8>
  ) {
    let isQuestion = destination == 53
    guard let client = byAddress[isQuestion ? packet.source : packet.destination],
      let message = DNSMessage(payload), message.isResponse != isQuestion
    else { return }
    let moment = Moment(packet.time, packet: packet.number)
    let server = isQuestion ? packet.destination : packet.source
    for (place, step) in recentSteps(client) {
      guard case .lookup(var lookup) = step, lookup.name == message.name, lookup.server == server
      else { continue }
      if isQuestion {
        lookup.questions.add(moment)
      } else if lookup.answered == nil || lookup.outcome == .empty {
        lookup.answered = moment
        lookup.outcome = message.outcome
        tell(client, moment, StoryText.lookup(lookup))
      }
      replace(place, with: .lookup(lookup))
      return
    }
    guard isQuestion else { return }
    _ = append(
      .lookup(NameLookup(name: message.name, server: server, questions: Sightings(moment))),
      to: client)
  }
}
