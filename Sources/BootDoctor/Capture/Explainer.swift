/// BootDoctor: makes the stories of machines out of a capture, packet by packet.

import DHCPv6Proxy
package import PacketCapture
package import Wire

/// What is told of a step at the moment when it happens.
package struct StepEvent: Equatable, Sendable {
  package var client: String
  package var mac: MACAddress?
  package var moment: Moment
  package var text: String
}

/// Takes packets in the order of the capture and keeps what matters, in bounded memory whatever comes:
/// machines, steps and open conversations have limits, and what goes beyond is counted. Bulk data costs
/// a look into a table.
package struct Explainer {
  static let mostClients = 4096
  static let mostSteps = 24_000
  static let mostFlows = 8192

  var clients: [ClientState] = []
  var byHardware: [MACAddress: Int] = [:]
  var byAddress: [IPAddress: Int] = [:]
  var byIdentifier: [DUID: Int] = [:]
  var transfers: [TFTPFlow] = []
  var freeTransfers: [Int] = []
  var transferPlaces: [FlowKey: Int] = [:]
  var connections: [TCPFlow] = []
  var freeConnections: [Int] = []
  var connectionPlaces: [FlowKey: Int] = [:]
  var stepCount = 0
  var serial: UInt32 = 0
  var omitted: [String: Int] = [:]
  private var begin: UInt64?
  /// The time of the newest packet.
  var now: UInt64 = 0
  private var packets = 0
  private var cutMessages = 0
  /// Frames that can't be decoded.
  var unreadable = 0
  var remarks: [String] = []
  var events: [StepEvent] = []
  /// Of the question that is being read.
  var pendingUUID: SystemUUID?
  /// Whether `receive` tells what happens; without, it only remembers.
  let isLive: Bool

  /// `isLive` for a story that is printed while it happens.
  package init(isLive: Bool = false) {
    self.isLive = isLive
  }

  /// What happened with this packet; nearly always nothing.
  package mutating func receive(_ packet: Packet) -> [StepEvent] {
    packets += 1
    if begin == nil { begin = packet.time }
    if packet.time > now { now = packet.time }
    switch packet.content {
    case .udp(let source, let destination, let payload, let length):
      receiveUDP(packet, source, destination, payload, length)
    case .tcp(let segment): receive(segment, of: packet)
    case .icmp(let message): receive(message, of: packet)
    case .arp(let message): receive(message, of: packet)
    case .fragment, .other, .link: break
    }
    if events.isEmpty { return [] }
    defer { events.removeAll() }
    return events
  }

  private mutating func receiveUDP(
    _ packet: Packet, _ source: UInt16, _ destination: UInt16, _ payload: ArraySlice<UInt8>,
    _ length: Int
  ) {
    switch (source, destination) {
    case (67, _), (_, 67), (68, _), (_, 68), (4011, _), (_, 4011):
      if packet.isTruncated, payload.count < length { cutMessages += 1 }
      if packet.source.v6 != nil {
        receiveDHCPv6(packet, source, destination, payload)
      } else {
        receiveDHCP(packet, source, destination, payload)
      }
    case (546, _), (_, 546), (547, _), (_, 547):
      receiveDHCPv6(packet, source, destination, payload)
    case (_, 69):
      receiveRequest(packet, source, payload)
    case (53, _), (_, 53):
      receiveDNS(packet, source, destination, payload)
    default:
      receiveTransfer(packet, source, destination, payload, length)
    }
  }

  /// Everything that is known. `end` is until when the capture went on; without it, its last packet.
  package mutating func finish(at end: UInt64? = nil) -> NetworkRecord {
    flush()
    var network = NetworkRecord()
    network.begin = begin ?? 0
    network.end = max(end ?? now, now)
    network.packets = packets
    network.omitted = omitted
    network.remarks = remarks
    if unreadable > 0 { network.remarks.append("\(unreadable) frames can't be decoded.") }
    if cutMessages > 0 {
      network.remarks.append(
        "\(cutMessages) DHCP messages are cut by the capture: record whole packets (tcpdump -s 0).")
    }
    network.clients = clients.map { state in
      var client = state.record
      client.omittedBoots = state.dropped
      client.boots = state.boots.map(\.record)
      for index in client.boots.indices {
        client.boots[index].steps.sort { $0.begin.time < $1.begin.time }
        client.boots[index].seenUntil = network.end
      }
      link(&client.boots)
      return client
    }.filter { !$0.boots.isEmpty }
    return network
  }

  /// Each attempt knows what was before it and what came after it.
  private func link(_ boots: inout [BootRecord]) {
    guard boots.count > 1 else { return }
    for index in 1..<boots.count {
      let earlier = boots[index - 1]
      boots[index - 1].successor = boots[index].begin
      let asker = earlier.bootExchanges.first?.asker ?? .system(nil)
      boots[index].predecessor = BootRecord.Predecessor(
        gap: Span.between(earlier.end.time, boots[index].begin.time),
        delivered: earlier.delivered, asker: asker)
    }
  }

  mutating func omit(_ what: String) { omitted[what, default: 0] += 1 }
}
