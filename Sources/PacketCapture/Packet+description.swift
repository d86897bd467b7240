/// PacketCapture: a packet as one line for people.

import Wire

extension Packet: CustomStringConvertible {
  /// `12  52:54:00:00:00:01  10.0.0.9:2070 > 10.0.0.2:69  UDP 32`
  package var description: String {
    let from = sourceHardware.map { "\($0)  " } ?? ""
    let tags = [outerVLAN, vlan].compactMap { $0 }.map { "VLAN \($0)  " }.joined()
    return "\(number)  \(from)\(tags)\(text)"
  }

  private var text: String {
    switch content {
    case .udp(let from, let to, _, let length):
      "\(source.urlHost):\(from) > \(destination.urlHost):\(to)  UDP \(length)"
    case .tcp(let segment):
      "\(source.urlHost):\(segment.sourcePort) > \(destination.urlHost):\(segment.destinationPort)"
        + "  TCP \(segment.flags.names) \(segment.length)"
    case .icmp(let message):
      "\(source) > \(destination)  ICMP type \(message.type) code \(message.code)"
    case .arp(let message):
      message.operation == 1
        ? "ARP who has \(message.target)? tell \(message.sender)"
        : "ARP \(message.sender) is at \(message.senderHardware)"
    case .fragment(let number, _, let offset, let length, _):
      "\(source) > \(destination)  fragment of protocol \(number): \(length) bytes at \(offset)"
    case .other(let number): "\(source) > \(destination)  protocol \(number)"
    case .link(let type): "Ethernet type 0x\(String(type, radix: 16))"
    }
  }
}

extension TCPSegment.Flags {
  /// `SYN ACK`
  package var names: String {
    let all: [(Self, String)] = [
      (.syn, "SYN"), (.fin, "FIN"), (.rst, "RST"), (.psh, "PSH"), (.ack, "ACK"), (.urg, "URG"),
    ]
    return all.filter { contains($0.0) }.map(\.1).joined(separator: " ")
  }
}
