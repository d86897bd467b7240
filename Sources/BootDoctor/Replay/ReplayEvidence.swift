/// BootDoctor: what a replay needs of a capture.

import DHCPProxy
import PacketCapture
import Wire

/// DHCP's questions and answers, and who asked for a file, in the order of the capture.
struct ReplayEvidence {
  struct Question {
    var message: DHCPMessage
    var port: Arrival.ServicePort
    var source: Endpoint

    func isSameAttempt(as other: Question) -> Bool {
      message.xid == other.message.xid && message.chaddr == other.message.chaddr
    }
  }

  struct Answer {
    var message: DHCPMessage
    var bytes: [UInt8]
    var source: Endpoint
    var destination: Endpoint
    var destinationHardware: MACAddress?
    /// Option 54, or whoever sent it.
    var server: IPv4Address?

    func isTo(_ question: Question) -> Bool {
      message.xid == question.message.xid && message.chaddr == question.message.chaddr
        // Port 4011 is answered from there; what comes from 67 then is another question's.
        && (question.port == .dhcp) == (source.port == 67)
    }

    /// `file` of the header, or option 67.
    var file: String? {
      let header = message.file.prefix { $0 != 0 }
      let option = message.options.value(.bootFileName)?.prefix { $0 != 0 }
      // Option 67 has what does not fit the header.
      let bytes = (option?.count ?? 0) > header.count ? option ?? [] : header
      return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
  }

  enum Kind {
    case question(Question)
    case answer(Answer)
    case fetched(MACAddress)
  }

  struct Event {
    var number: Int
    var time: UInt64
    var kind: Kind
  }

  private(set) var events: [Event] = []
  private(set) var omitted = 0

  init(_ reader: inout CaptureReader, limit: Int) throws(CaptureError) {
    var decoder = PacketDecoder()
    var last: ArraySlice<UInt8> = []
    while let frame = try reader.next() {
      guard let packet = try? decoder.decode(frame),
        case .udp(let from, let to, let payload, _) = packet.content
      else { continue }
      let isDHCP = to == 67 || to == 68 || to == 4011 || from == 67 || from == 4011
      guard isDHCP || to == 69, packet.source.v4 != nil else { continue }
      guard events.count < limit else {
        omitted += 1
        continue
      }
      guard isDHCP else {
        if let machine = packet.sourceHardware, machine.isUnicast {
          add(packet, .fetched(machine))
        }
        continue
      }
      // A bridge and its port show the same packet twice; firmware waits before it asks again.
      if payload == last, let before = events.last, packet.time &- before.time < 100_000_000 {
        continue
      }
      last = ArraySlice(Array(payload))
      guard let message = try? DHCPMessage(parsing: Array(payload)) else {
        omitted += 1
        continue
      }
      read(
        message, packet, Endpoint(packet.source, from), Endpoint(packet.destination, to), payload)
    }
  }

  private mutating func read(
    _ message: DHCPMessage, _ packet: Packet, _ source: Endpoint, _ destination: Endpoint,
    _ payload: ArraySlice<UInt8>
  ) {
    switch message.op {
    case .request:
      guard let port = Arrival.ServicePort(rawValue: destination.port) else { return }
      add(packet, .question(Question(message: message, port: port, source: source)))
    case .reply:
      let named = message.options.value(.serverIdentifier).flatMap { IPv4Address(bytes: $0) }
      add(
        packet,
        .answer(
          Answer(
            message: message, bytes: Array(payload), source: source, destination: destination,
            destinationHardware: packet.destinationHardware, server: named ?? source.address.v4)))
    }
  }

  private mutating func add(_ packet: Packet, _ kind: Kind) {
    events.append(Event(number: packet.number, time: packet.time, kind: kind))
  }

  /// Whose answers give no address and speak PXE or HTTP Boot: the one with most of them.
  var proxyServer: IPv4Address? {
    var counts: [IPv4Address: Int] = [:]
    for case .answer(let answer) in events.lazy.map(\.kind) {
      let vendorClass = answer.message.options.value(.vendorClass) ?? []
      guard let server = answer.server, answer.message.yiaddr.isUnspecified,
        vendorClass.starts(with: "PXEClient".utf8) || vendorClass.starts(with: "HTTPClient".utf8)
      else { continue }
      counts[server, default: 0] += 1
    }
    return counts.max { ($0.value, $1.key.value) < ($1.value, $0.key.value) }?.key
  }
}
