/// BootDoctor: TFTP, requests and the transfers that follow.

import PacketCapture
import TFTP
import Wire

extension Explainer {
  /// A datagram to port 69.
  mutating func receiveRequest(_ packet: Packet, _ port: UInt16, _ payload: ArraySlice<UInt8>) {
    guard case .read(let request) = try? TFTPPacket(parsing: Array(payload)) else {
      // Some servers answer from port 69, and then the transfer goes on there.
      receiveTransfer(packet, port, 69, payload, payload.count)
      return
    }
    guard let client = client(making: packet.source, hardware: packet.sourceHardware) else {
      return
    }
    let moment = Moment(packet.time, packet: packet.number)
    clients[client].record.sent += 1
    let key = FlowKey(udp: packet.source, port: port, server: packet.destination)
    let file = ReceivedText.printable(request.filename)
    if let index = transferPlaces[key] {
      let known = transfers[index].record
      let isRetry =
        known.file == file && (known.outcome == .unanswered || known.outcome == .running)
        && Span.between(known.last.time, moment.time) < Span.seconds(60)
      if isRetry {
        transfers[index].record.requests.add(moment)
        transfers[index].record.last = moment
        transfers[index].isDirty = true
        tell(client, moment, "RRQ «\(file)» again")
        return
      }
      close(transfer: index)
    }
    guard transfers.count - freeTransfers.count < Self.mostFlows || closeIdleTransfers() else {
      omit("transfers")
      return
    }
    var record = TFTPTransferRecord(
      server: packet.destination, clientPort: port, file: file, requests: Sightings(moment),
      requested: request.options.prefix(12).map {
        ReceivedText.printable("\($0.name) \($0.value)".utf8)
      })
    record.size = probedSize(client, record)
    let retried = retriedTransfer(client, packet.source, record)
    let place = retried?.place ?? append(.transfer(record), to: client)
    let flow = TFTPFlow(key: key, client: client, place: place, record: retried?.record ?? record)
    let index = freeTransfers.popLast() ?? transfers.count
    if index == transfers.count { transfers.append(flow) } else { transfers[index] = flow }
    transfers[index].isDirty = retried != nil
    transferPlaces[key] = index
    clients[client].transfers.insert(index)
    write(transfer: index)
    tell(client, moment, StoryText.transferBegins(flow.record))
  }

  /// What the firmware was told when it asked for the size alone.
  private func probedSize(_ client: Int, _ new: TFTPTransferRecord) -> Int? {
    for (_, step) in recentSteps(client).prefix(3) {
      if case .transfer(let known) = step, known.outcome == .probed, known.file == new.file,
        known.server == new.server
      {
        return known.size
      }
    }
    return nil
  }

  /// iPXE and others ask again from another port when nobody answers.
  private mutating func retriedTransfer(
    _ client: Int, _ address: IPAddress, _ new: TFTPTransferRecord
  ) -> (place: StepPlace, record: TFTPTransferRecord)? {
    for (place, step) in recentSteps(client).prefix(8) {
      guard case .transfer(var known) = step, known.file == new.file, known.server == new.server,
        known.outcome == .unanswered, known.requested == new.requested,
        Span.between(known.last.time, new.begin.time) < Span.seconds(30)
      else { continue }
      let key = FlowKey(udp: address, port: known.clientPort, server: known.server)
      if let index = transferPlaces[key] {
        known = transfers[index].record
        guard known.outcome == .unanswered else { continue }
        forget(transfer: index)
      }
      known.requests.add(new.begin)
      known.clientPort = new.clientPort
      known.last = new.begin
      return (place, known)
    }
    return nil
  }

  /// A datagram between ports that are nobody's: DATA, ACK and so on of a transfer that is known.
  mutating func receiveTransfer(
    _ packet: Packet, _ source: UInt16, _ destination: UInt16, _ payload: ArraySlice<UInt8>,
    _ length: Int
  ) {
    guard !transferPlaces.isEmpty, payload.count >= 4 else { return }
    let fromServer = FlowKey(udp: packet.destination, port: destination, server: packet.source)
    if let index = transferPlaces[fromServer] {
      if transfers[index].record.serverPort == nil { transfers[index].record.serverPort = source }
      receive(index, packet, payload, length, fromServer: true)
      return
    }
    let fromClient = FlowKey(udp: packet.source, port: source, server: packet.destination)
    if let index = transferPlaces[fromClient] {
      receive(index, packet, payload, length, fromServer: false)
    }
  }

  private mutating func receive(
    _ index: Int, _ packet: Packet, _ payload: ArraySlice<UInt8>, _ length: Int, fromServer: Bool
  ) {
    let base = payload.startIndex
    guard payload[base] == 0 else { return }
    let opcode = payload[base + 1]
    let moment = Moment(packet.time, packet: packet.number)
    let news: TFTPFlow.News
    switch opcode {
    case 3, 4:
      news = transfers[index].receive(
        opcode: opcode, block: UInt16(payload[base + 2]) << 8 | UInt16(payload[base + 3]),
        fromServer: fromServer, payload: payload[(base + 4)...], count: length, at: moment)
    case 5, 6:
      switch try? TFTPPacket(parsing: Array(payload)) {
      case .error(let code, let text):
        news = transfers[index].receive(
          error: code.rawValue, text: ReceivedText.printable(text.utf8), fromServer: fromServer,
          at: moment)
      case .optionAcknowledgment(let options):
        news = transfers[index].receive(
          granted: options.prefix(12).map {
            (ReceivedText.printable($0.name.utf8), ReceivedText.printable($0.value.utf8))
          }, at: moment)
      default: return
      }
    default: return
    }
    if news == .nothing { return }
    write(transfer: index)
    if news == .ended {
      let record = transfers[index].record
      tell(transfers[index].client, moment, StoryText.transferEnds(record))
    }
  }
}

extension Explainer {
  mutating func write(transfer index: Int) {
    guard transfers[index].isDirty else { return }
    transfers[index].isDirty = false
    replace(transfers[index].place, with: .transfer(transfers[index].record))
  }

  private mutating func forget(transfer index: Int) {
    transferPlaces[transfers[index].key] = nil
    clients[transfers[index].client].transfers.remove(index)
    freeTransfers.append(index)
  }

  mutating func close(transfer index: Int) {
    write(transfer: index)
    forget(transfer: index)
  }

  /// Room for one more: what nobody touched for two minutes, or what has ended. Not looked for each
  /// time when there is none.
  private mutating func closeIdleTransfers() -> Bool {
    guard omitted["transfers", default: 0].isMultiple(of: 1024) else { return false }
    for index in Array(transferPlaces.values) {
      let record = transfers[index].record
      let isOver = record.outcome != .running && record.outcome != .unanswered
      if isOver || Span.between(record.last.time, now) > Span.seconds(120) {
        close(transfer: index)
      }
    }
    return transferPlaces.count < Self.mostFlows
  }

  /// Everything of this machine that is only in the flows, into its boots.
  mutating func flush(client: Int) {
    for index in clients[client].transfers { close(transfer: index) }
    for index in clients[client].connections { write(connection: index) }
  }

  mutating func flush() {
    for index in transferPlaces.values { write(transfer: index) }
    for index in connectionPlaces.values { write(connection: index) }
  }
}
