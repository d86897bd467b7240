/// PacketCapture: UDP, TCP and ICMP.

import Wire

extension PacketDecoder {
  @inline(__always)
  static func transport(
    _ frame: ArraySlice<UInt8>, _ bytes: Span<UInt8>, _ payload: Payload, _ packet: inout Packet
  ) throws(WireError) -> Packet.Content {
    switch payload.nextProtocol {
    case 17: try udp(frame, bytes, payload)
    case 6: try tcp(frame, bytes, payload)
    case 1 where !payload.isIPv6, 58 where payload.isIPv6: try icmp(bytes, payload)
    default: .other(protocol: payload.nextProtocol)
    }
  }

  /// RFC 768.
  @inline(__always)
  private static func udp(
    _ frame: ArraySlice<UInt8>, _ bytes: Span<UInt8>, _ payload: Payload
  ) throws(WireError) -> Packet.Content {
    let at = payload.at
    try bytes.need(8, at: at, "UDP header")
    let field = Int(bytes.uint16(at + 4))
    // 0: the network card will cut it into datagrams.
    let length = (field == 0 ? payload.length : field) - 8
    guard length >= 0, length <= payload.length - 8 else {
      throw WireError(
        field: "UDP length", offset: at + 4, reason: .invalid("is \(field) of \(payload.length)"))
    }
    return .udp(
      source: bytes.uint16(at), destination: bytes.uint16(at + 2),
      payload: part(frame, at + 8, length), length: length)
  }

  /// RFC 9293 §3.1.
  @inline(__always)
  private static func tcp(
    _ frame: ArraySlice<UInt8>, _ bytes: Span<UInt8>, _ payload: Payload
  ) throws(WireError) -> Packet.Content {
    let at = payload.at
    try bytes.need(20, at: at, "TCP header")
    let header = Int(bytes[at + 12] >> 4) * 4
    guard header >= 20, header <= payload.length else {
      throw WireError(
        field: "TCP data offset", offset: at + 12,
        reason: .invalid("is \(header) of \(payload.length)"))
    }
    let flags = TCPSegment.Flags(rawValue: bytes[at + 13])
    return .tcp(
      TCPSegment(
        sourcePort: bytes.uint16(at), destinationPort: bytes.uint16(at + 2),
        sequence: bytes.uint32(at + 4), acknowledgment: bytes.uint32(at + 8), flags: flags,
        window: bytes.uint16(at + 14),
        maximumSegmentSize: flags.contains(.syn) ? segmentSize(bytes, at + 20, at + header) : nil,
        payload: part(frame, at + header, payload.length - header),
        length: payload.length - header))
  }

  private static func segmentSize(_ bytes: Span<UInt8>, _ from: Int, _ to: Int) -> UInt16? {
    var at = from
    let end = min(to, bytes.count)
    while at < end {
      switch bytes[at] {
      case 0: return nil
      case 1: at += 1
      case let kind:
        guard at + 2 <= end, bytes[at + 1] >= 2 else { return nil }
        if kind == 2 { return at + 4 <= end ? bytes.uint16(at + 2) : nil }
        at += Int(bytes[at + 1])
      }
    }
    return nil
  }

  /// type (1) · code (1) · check sum (2) · what the type says (4) · the head of a packet
  private static func icmp(
    _ bytes: Span<UInt8>, _ payload: Payload
  ) throws(WireError) -> Packet.Content {
    let at = payload.at
    try bytes.need(4, at: at, "ICMP header")
    var message = ICMPMessage(type: bytes[at], code: bytes[at + 1])
    let isError =
      payload.isIPv6 ? (1...4).contains(message.type) : [3, 4, 5, 11, 12].contains(message.type)
    guard isError, bytes.count >= at + 8 else { return .icmp(message) }
    if payload.isIPv6 {
      if message.type == 2 { message.mtu = Int(bytes.uint32(at + 4)) }
      message.quoted = quoted6(bytes, at + 8)
    } else {
      if message.type == 3, message.code == 4 { message.mtu = Int(bytes.uint16(at + 6)) }
      message.quoted = quoted4(bytes, at + 8)
    }
    return .icmp(message)
  }

  private static func quoted4(_ bytes: Span<UInt8>, _ at: Int) -> ICMPMessage.Quoted? {
    guard bytes.count >= at + 20, bytes[at] >> 4 == 4 else { return nil }
    let ports = at + Int(bytes[at] & 15) * 4
    let isFirst = bytes.uint16(at + 6) & 0x1fff == 0
    return quoted(
      bytes, from: bytes.address4(at + 12), to: bytes.address4(at + 16), bytes[at + 9],
      isFirst ? ports : bytes.count)
  }

  private static func quoted6(_ bytes: Span<UInt8>, _ at: Int) -> ICMPMessage.Quoted? {
    guard bytes.count >= at + 40, bytes[at] >> 4 == 6 else { return nil }
    return quoted(
      bytes, from: bytes.address6(at + 8), to: bytes.address6(at + 24), bytes[at + 6], at + 40)
  }

  private static func quoted(
    _ bytes: Span<UInt8>, from: IPAddress, to: IPAddress, _ nextProtocol: UInt8, _ ports: Int
  ) -> ICMPMessage.Quoted {
    let hasPorts = (nextProtocol == 17 || nextProtocol == 6) && bytes.count >= ports + 4
    return ICMPMessage.Quoted(
      source: from, destination: to, nextProtocol: nextProtocol,
      sourcePort: hasPorts ? bytes.uint16(ports) : nil,
      destinationPort: hasPorts ? bytes.uint16(ports + 2) : nil)
  }

  /// What the frame has of a payload.
  @inline(__always)
  private static func part(
    _ frame: ArraySlice<UInt8>, _ at: Int, _ length: Int
  ) -> ArraySlice<UInt8> {
    let first = min(frame.startIndex + at, frame.endIndex)
    return frame[first..<min(first + length, frame.endIndex)]
  }
}
