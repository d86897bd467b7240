/// DHCPProxy: the answers of one round, sent together.

import Datagram
import Glibc
import Wire

/// What came in together is answered together: one system call for many frames. An answer is told of
/// once it is known whether the kernel took it.
struct Outbox {
  private var frames = FrameBatch()
  /// What to tell of each frame.
  private var framed: [ProxyEvent] = []
  private var payload = ByteWriter(capacity: 548)
  private(set) var sent: [(event: ProxyEvent, failure: SocketError?)] = []

  /// Sends it by the way that its destination needs; frames wait for `flush`. `event` is told when it
  /// was sent. `raw` is for unicasts from a port that we did not bind.
  ///
  /// `hardware` is who put the question on the link, where that is known. To a neighbour the answer
  /// goes back there, whatever address it says it has. The kernel would ask the network for that
  /// address first, and hold the answer back meanwhile: a few hundred questions with invented
  /// addresses fill its table of neighbours and the socket's buffer, and then nobody is answered.
  mutating func add(
    _ reply: ProxyReply, _ arrival: Arrival, to hardware: MACAddress?, _ event: ProxyEvent,
    _ listener: Listener, raw: RawPacketSocket?
  ) {
    payload.removeAll()
    reply.encode(into: &payload)
    let here = Endpoint(arrival.local, arrival.port.rawValue)
    let everybody = Endpoint(IPv4Address.broadcast, 68)
    let socket = listener.socket(arrival.port)
    switch reply.destination {
    case .unicast(let peer):
      if let hardware, listener.frames != nil, listener.isNeighbour(peer) {
        frame(event, here, peer, to: hardware)
      } else if let socket {
        sent.append((event, socket.send(payload.bytes, to: peer, from: here.address)))
      } else if let raw,
        let packet = UDPPacket(source: here, destination: peer, payload: payload.bytes)
      {
        sent.append((event, raw.send(packet)))
      } else {
        sent.append((event, Self.impossible(peer)))
      }
    case .hardware(let mac) where listener.frames != nil:
      frame(event, here, everybody, to: mac)
    case .broadcast where listener.sharing == .capture:
      frame(event, here, everybody, to: .broadcast)
    case .hardware, .broadcast:
      let failure = socket.map { $0.send(payload.bytes, to: everybody, from: here.address) }
      sent.append((event, failure ?? Self.impossible(everybody)))
    }
  }

  private mutating func frame(
    _ event: ProxyEvent, _ source: Endpoint, _ destination: Endpoint, to hardware: MACAddress
  ) {
    guard
      let packet = UDPPacket(source: source, destination: destination, payload: payload.bytes)
    else {
      return sent.append((event, Self.impossible(destination)))
    }
    frames.add(packet, to: hardware)
    framed.append(event)
  }

  mutating func flush(_ socket: RawFrameSocket?) {
    guard let socket, !framed.isEmpty else { return }
    let failures = socket.send(frames)
    for (number, event) in framed.enumerated() { sent.append((event, failures[number])) }
    frames.removeAll()
    framed.removeAll()
  }

  /// There is no socket of that kind.
  private static func impossible(_ peer: Endpoint) -> SocketError {
    SocketError("send to \(peer)", code: EAFNOSUPPORT)
  }
}
