/// DHCPProxy: the answers of one round, sent together.

import Datagram
import Glibc
import Wire

/// What came in together is answered together: one system call for many frames. An answer is told of
/// once it is known whether the kernel took it.
struct Outbox {
  struct Answer {
    var reply: ProxyReply
    var arrival: Arrival
    /// What to tell when it was sent.
    var event: ProxyEvent
  }

  private var framed: [(frame: RawFrameSocket.Frame, answer: Answer)] = []
  private(set) var sent: [(answer: Answer, failure: SocketError?)] = []

  /// Sends it by the way that its destination needs; frames wait for `flush`. `raw` is for unicasts
  /// from a port that we did not bind.
  mutating func add(_ answer: Answer, _ listener: Listener, raw: RawPacketSocket?) {
    var writer = ByteWriter(capacity: 548)
    answer.reply.message.encode(into: &writer)
    let arrival = answer.arrival
    let here = Endpoint(arrival.local, arrival.port.rawValue)
    let everybody = Endpoint(IPv4Address.broadcast, 68)
    let socket = listener.socket(arrival.port)
    switch answer.reply.destination {
    case .unicast(let peer):
      if let socket {
        sent.append((answer, socket.send(writer.bytes, to: peer, from: here.address)))
      } else if let raw,
        let packet = UDPPacket(source: here, destination: peer, payload: writer.bytes)
      {
        sent.append((answer, raw.send(packet)))
      } else {
        sent.append((answer, Self.impossible(peer)))
      }
    case .hardware(let mac) where listener.frames != nil:
      frame(answer, here, everybody, writer.bytes, to: mac)
    case .broadcast where socket == nil:
      frame(answer, here, everybody, writer.bytes, to: .broadcast)
    case .hardware, .broadcast:
      let failure = socket.map {
        $0.send(writer.bytes, to: everybody, from: here.address)
      }
      sent.append((answer, failure ?? Self.impossible(everybody)))
    }
  }

  private mutating func frame(
    _ answer: Answer, _ source: Endpoint, _ destination: Endpoint, _ payload: [UInt8],
    to hardware: MACAddress
  ) {
    guard let packet = UDPPacket(source: source, destination: destination, payload: payload) else {
      return sent.append((answer, Self.impossible(destination)))
    }
    framed.append((RawFrameSocket.Frame(packet, to: hardware), answer))
  }

  mutating func flush(_ frames: RawFrameSocket?) {
    guard let frames, !framed.isEmpty else { return }
    let failures = frames.send(framed.map(\.frame))
    for (number, item) in framed.enumerated() { sent.append((item.answer, failures[number])) }
    framed = []
  }

  /// There is no socket of that kind.
  private static func impossible(_ peer: Endpoint) -> SocketError {
    SocketError("send to \(peer)", code: EAFNOSUPPORT)
  }
}
