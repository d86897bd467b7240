/// BootDoctorTests: what a packet is, in a word, from its bytes and not from the explainer.

import DHCPProxy
import PacketCapture

/// Evidence is checked by it: a verdict must point at packets that show its cause.
enum PacketKind {
  static func name(_ packet: Packet) -> String {
    switch packet.content {
    case .udp(let source, let destination, let payload, _):
      if [67, 68, 4011].contains(where: { $0 == source || $0 == destination }) {
        return dhcp(payload)
      }
      return tftp(payload)
    case .tcp(let segment): return tcp(segment)
    case .icmp: return "ICMP"
    case .arp: return "ARP"
    case .fragment, .other, .link: return "other"
    }
  }

  private static func dhcp(_ payload: ArraySlice<UInt8>) -> String {
    switch (try? DHCPMessage(parsing: Array(payload)))?.type {
    case MessageType.discover: "DISCOVER"
    case MessageType.offer: "OFFER"
    case MessageType.request: "REQUEST"
    case MessageType.ack: "ACK"
    case MessageType.nak: "NAK"
    default: "DHCP"
    }
  }

  private static func tftp(_ payload: ArraySlice<UInt8>) -> String {
    switch payload.dropFirst().first {
    case 1: "read request"
    case 3: "block"
    case 4: "acknowledgment"
    case 5: "error \(payload.dropFirst(3).first ?? 0)"
    case 6: "options"
    default: "UDP"
    }
  }

  private static func tcp(_ segment: TCPSegment) -> String {
    if segment.flags.contains(.syn) {
      return segment.flags.contains(.ack) ? "connection accepted" : "connection"
    }
    if segment.flags.contains(.rst) { return "reset" }
    let payload = segment.payload
    // The content types of TLS records (RFC 8446 §5.1).
    switch payload.first {
    case 20: return "TLS cipher"
    case 21: return "TLS alert"
    case 22: return "TLS handshake"
    default: break
    }
    let line = payload.prefix { $0 != 10 && $0 != 13 }.split(separator: 32)
    if line.first?.starts(with: "HTTP/".utf8) == true, line.count > 1 {
      return "HTTP " + String(decoding: line[1], as: UTF8.self)
    }
    if line.last?.starts(with: "HTTP/".utf8) == true, let method = line.first {
      return String(decoding: method, as: UTF8.self)
    }
    return segment.flags.contains(.fin) ? "end of connection" : "segment"
  }
}
