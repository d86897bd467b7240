/// PacketCapture: from a captured frame to its packet.

package import Wire

/// Ethernet with VLAN tags, Linux cooked, loopback or nothing; ARP, IPv4, IPv6; UDP, TCP, ICMP.
/// Check sums are not verified: frames that were captured on their way out carry unfinished ones.
///
/// Fragments are told as such, and the datagram with the fragment that completes it; what is kept of
/// incomplete ones is bounded (`FragmentStore`).
package struct PacketDecoder: Sendable {
  var fragments = FragmentStore()

  package init() {}

  /// nil for what is well-formed and carries nothing of ours: frames of IEEE 802.3 and link types that
  /// are not known. A frame that ends within its headers throws, also if the capture cut it.
  package mutating func decode(_ frame: CapturedFrame) throws(WireError) -> Packet? {
    let bytes = frame.bytes.span
    var packet = Packet(frame)
    var at = 0
    guard let type = try Self.linkHeader(bytes, frame.linkType, &at, &packet) else { return nil }
    switch type {
    case EtherType.ipv4: try decode4(frame.bytes, bytes, at, &packet)
    case EtherType.ipv6: try decode6(frame.bytes, bytes, at, &packet)
    case EtherType.arp: packet.content = try Self.arp(bytes, at)
    default: packet.content = .link(etherType: type)
    }
    return packet
  }

  enum EtherType {
    static let ipv4: UInt16 = 0x0800
    static let arp: UInt16 = 0x0806
    static let ipv6: UInt16 = 0x86dd
    /// 802.1Q, 802.1ad, and what was used for the latter before it had a number.
    @inline(__always)
    static func isTag(_ type: UInt16) -> Bool {
      type == 0x8100 || type == 0x88a8 || type == 0x9100
    }
  }

  /// The Ethernet type behind the link's header and its tags; `at` is behind them then.
  private static func linkHeader(
    _ bytes: Span<UInt8>, _ linkType: LinkType, _ at: inout Int, _ packet: inout Packet
  ) throws(WireError) -> UInt16? {
    var type: UInt16
    switch linkType {
    case .ethernet:
      try bytes.need(14, at: 0, "Ethernet header")
      packet.destinationHardware = bytes.hardware(0)
      packet.sourceHardware = bytes.hardware(6)
      type = bytes.uint16(12)
      at = 14
    case .linuxCooked:
      // packet type (2) · ARPHRD (2) · address length (2) · address (8) · protocol (2)
      try bytes.need(16, at: 0, "cooked header")
      if bytes.uint16(4) == 6 { packet.sourceHardware = bytes.hardware(6) }
      type = bytes.uint16(14)
      at = 16
    case .linuxCooked2:
      // protocol (2) · 0 (2) · interface (4) · ARPHRD (2) · packet type (1) · address length (1) ·
      // address (8)
      try bytes.need(20, at: 0, "cooked header")
      if bytes[11] == 6 { packet.sourceHardware = bytes.hardware(12) }
      type = bytes.uint16(0)
      at = 20
    case .rawIP:
      try bytes.need(1, at: 0, "IP version")
      return bytes[0] >> 4 == 6 ? EtherType.ipv6 : EtherType.ipv4
    case .loopback:
      // In the byte order of the machine that captured, whichever that was.
      try bytes.need(4, at: 0, "address family")
      let family = bytes.uint32(0)
      at = 4
      switch family > 0xffff ? family.byteSwapped : family {
      case 2: return EtherType.ipv4
      case 10, 24, 28, 30: return EtherType.ipv6
      default: return nil
      }
    case .other: return nil
    }
    var tags = 0
    while EtherType.isTag(type) {
      guard tags < 8 else {
        throw WireError(field: "VLAN tag", offset: at, reason: .invalid("is one too many"))
      }
      try bytes.need(4, at: at, "VLAN tag")
      packet.outerVLAN = packet.vlan
      packet.vlan = bytes.uint16(at) & 0xfff
      type = bytes.uint16(at + 2)
      at += 4
      tags += 1
    }
    guard type < 0x600 else { return type }
    // IEEE 802.3: a length. RFC 1042's SNAP header has an Ethernet type behind it.
    guard bytes.count >= at + 8, bytes.uint32(at) == 0xaaaa_0300, bytes[at + 4] == 0,
      bytes[at + 5] == 0
    else { return nil }
    at += 8
    return bytes.uint16(at - 2)
  }

  /// hardware (2) · protocol (2) · lengths (1, 1) · operation (2) · sender (6, 4) · target (6, 4)
  private static func arp(
    _ bytes: Span<UInt8>, _ at: Int
  ) throws(WireError) -> Packet.Content {
    try bytes.need(8, at: at, "ARP header")
    guard bytes.uint16(at + 2) == EtherType.ipv4, bytes.uint16(at + 4) == 0x0604 else {
      return .link(etherType: EtherType.arp)
    }
    try bytes.need(28, at: at, "ARP message")
    return .arp(
      ARPMessage(
        operation: bytes.uint16(at + 6), senderHardware: bytes.hardware(at + 8),
        sender: IPv4Address(value: bytes.uint32(at + 14)), targetHardware: bytes.hardware(at + 18),
        target: IPv4Address(value: bytes.uint32(at + 24))))
  }
}
