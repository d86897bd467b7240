/// BootDoctor: TCP connections of machines that boot.

import PacketCapture
import Wire

extension Explainer {
  mutating func receive(_ segment: TCPSegment, of packet: Packet) {
    let fromClient = FlowKey(
      tcp: packet.source, port: segment.sourcePort, server: packet.destination,
      serverPort: segment.destinationPort)
    if let index = connectionPlaces[fromClient] {
      if segment.flags.contains(.syn), !segment.flags.contains(.ack) {
        reopen(index, fromClient, segment, packet)
      } else {
        receive(index, segment, packet, fromClient: true)
      }
      return
    }
    let fromServer = FlowKey(
      tcp: packet.destination, port: segment.destinationPort, server: packet.source,
      serverPort: segment.sourcePort)
    if let index = connectionPlaces[fromServer] {
      receive(index, segment, packet, fromClient: false)
      return
    }
    guard opens(segment, packet) else { return }
    _ = open(fromClient, segment, packet)
  }

  /// A SYN, or a request in a connection whose begin is not in the capture.
  private func opens(_ segment: TCPSegment, _ packet: Packet) -> Bool {
    if segment.flags.contains(.syn) { return !segment.flags.contains(.ack) }
    let payload = segment.payload
    return payload.starts(with: "GET ".utf8) || payload.starts(with: "HEAD ".utf8)
  }

  /// The same ports again: a SYN that is sent again, or a new connection.
  private mutating func reopen(
    _ index: Int, _ key: FlowKey, _ segment: TCPSegment, _ packet: Packet
  ) {
    let moment = Moment(packet.time, packet: packet.number)
    if connections[index].record.established == nil, connections[index].record.reset == nil {
      connections[index].record.openings.add(moment)
      connections[index].record.last = moment
      connections[index].isDirty = true
      write(connection: index)
      return
    }
    close(connection: index)
    _ = open(key, segment, packet)
  }

  /// Only machines whose boot is known, or that ask as a boot program does.
  private mutating func open(_ key: FlowKey, _ segment: TCPSegment, _ packet: Packet) -> Bool {
    var known = byAddress[packet.source]
    if known == nil, let hardware = packet.sourceHardware, let index = byHardware[hardware] {
      assign(packet.source, to: index)
      known = index
    }
    if known == nil, Self.asksAsBootProgram(segment.payload) {
      known = client(making: packet.source, hardware: packet.sourceHardware)
    }
    guard let client = known else { return false }
    guard connectionPlaces.count < Self.mostFlows || closeIdleConnections() else {
      omit("connections")
      return false
    }
    let moment = Moment(packet.time, packet: packet.number)
    var record = ConnectionRecord(
      server: packet.destination, port: segment.destinationPort, openings: Sightings(moment))
    if !segment.flags.contains(.syn) { record.established = moment }
    let flow = TCPFlow(key: key, client: client, record: record)
    let index: Int
    if let free = freeConnections.popLast() {
      connections[free] = flow
      index = free
    } else {
      connections.append(flow)
      index = connections.count - 1
    }
    connectionPlaces[key] = index
    clients[client].connections.insert(index)
    connections[index].place = append(.connection(record), to: client)
    receive(index, segment, packet, fromClient: true)
    return true
  }

  private static let agents = ["iPXE/", "gPXE/", "UefiHttpBoot/"].map { Array($0.utf8) }

  private static func asksAsBootProgram(_ payload: ArraySlice<UInt8>) -> Bool {
    guard let head = HTTPHead(request: Array(payload.prefix(2048))),
      let agent = head.value("user-agent")
    else { return false }
    return agents.contains { Array(agent.utf8).starts(with: $0) }
  }

  private mutating func receive(
    _ index: Int, _ segment: TCPSegment, _ packet: Packet, fromClient: Bool
  ) {
    let moment = Moment(packet.time, packet: packet.number)
    let news = connections[index].receive(segment, fromClient: fromClient, at: moment)
    if news == .nothing { return }
    let client = connections[index].client
    switch news {
    case .requested:
      // The one before it is what it was.
      if let previous = connections[index].previous {
        replace(connections[index].requestPlace, with: .http(previous))
      }
      if let request = connections[index].request {
        // A connection that carries requests is told by them.
        if let place = connections[index].place {
          replace(place, with: .http(request))
          connections[index].requestPlace = place
          connections[index].place = nil
        } else {
          connections[index].requestPlace = append(.http(request), to: client)
        }
        tell(client, moment, StoryText.requestBegins(request))
      }
    case .responded, .ended:
      write(connection: index)
      if news == .ended, let request = connections[index].request {
        tell(client, moment, StoryText.requestEnds(request))
      }
    case .refused:
      write(connection: index)
      let record = connections[index].record
      tell(client, moment, StoryText.connection(record))
    case .alert:
      write(connection: index)
      let record = connections[index].record
      tell(client, moment, StoryText.connection(record))
    case .changed, .nothing: write(connection: index)
    }
  }

  mutating func write(connection index: Int) {
    guard connections[index].isDirty else { return }
    connections[index].isDirty = false
    if let request = connections[index].request {
      replace(connections[index].requestPlace, with: .http(request))
    }
    if let place = connections[index].place {
      replace(place, with: .connection(connections[index].record))
    }
  }

  private mutating func close(connection index: Int) {
    connections[index].isDirty = true
    write(connection: index)
    connectionPlaces[connections[index].key] = nil
    clients[connections[index].client].connections.remove(index)
    freeConnections.append(index)
  }

  private mutating func closeIdleConnections() -> Bool {
    guard omitted["connections", default: 0].isMultiple(of: 1024) else { return false }
    for index in Array(connectionPlaces.values) {
      let record = connections[index].record
      if record.closed != nil || record.reset != nil
        || Span.between(record.last.time, now) > Span.seconds(120)
      {
        close(connection: index)
      }
    }
    return connectionPlaces.count < Self.mostFlows
  }
}
