/// PacketCapture: IPv4 and IPv6, and what their fragments make.

import Wire

extension PacketDecoder {
  /// RFC 791 §3.1.
  @inline(__always)
  mutating func decode4(
    _ frame: ArraySlice<UInt8>, _ bytes: Span<UInt8>, _ at: Int, _ packet: inout Packet
  ) throws(WireError) {
    try bytes.need(20, at: at, "IPv4 header")
    let version = bytes[at]
    let header = Int(version & 15) * 4
    guard version >> 4 == 4, header >= 20 else {
      throw WireError(
        field: "version and length", offset: at, reason: .invalid("is no IPv4 header"))
    }
    packet.source = bytes.address4(at + 12)
    packet.destination = bytes.address4(at + 16)
    // The network card cuts what is longer than 64 kB: the length is 0 until then.
    let total = bytes.uint16(at + 2) == 0 ? bytes.count - at : Int(bytes.uint16(at + 2))
    guard total >= header else {
      throw WireError(
        field: "total length", offset: at + 2, reason: .invalid("is less than the header's"))
    }
    try bytes.need(header, at: at, "IPv4 options")
    let fragment = bytes.uint16(at + 6)
    let payload = Payload(
      at: at + header, length: total - header, nextProtocol: bytes[at + 9], isIPv6: false)
    guard fragment & 0x3fff != 0 else {
      packet.content = try Self.transport(frame, bytes, payload, &packet)
      return
    }
    try defragment(
      frame, payload,
      Fragment(
        identification: UInt32(bytes.uint16(at + 4)), offset: Int(fragment & 0x1fff) * 8,
        isLast: fragment & 0x2000 == 0), &packet)
  }

  /// RFC 8200 §3 and §4.
  mutating func decode6(
    _ frame: ArraySlice<UInt8>, _ bytes: Span<UInt8>, _ at: Int, _ packet: inout Packet
  ) throws(WireError) {
    try bytes.need(40, at: at, "IPv6 header")
    guard bytes[at] >> 4 == 6 else {
      throw WireError(field: "version", offset: at, reason: .invalid("is no IPv6 header"))
    }
    packet.source = bytes.address6(at + 8)
    packet.destination = bytes.address6(at + 24)
    let length = bytes.uint16(at + 4) == 0 ? bytes.count - at - 40 : Int(bytes.uint16(at + 4))
    var payload = Payload(
      at: at + 40, length: length, nextProtocol: bytes[at + 6], isIPv6: true)
    var fragment: Fragment?
    var headers = 0
    while isExtension(payload.nextProtocol) {
      guard headers < 16 else {
        throw WireError(
          field: "extension header", offset: payload.at, reason: .invalid("is one too many"))
      }
      headers += 1
      try bytes.need(8, at: payload.at, "extension header")
      let kind = payload.nextProtocol
      payload.nextProtocol = bytes[payload.at]
      var size = 8
      switch kind {
      case 44:
        let field = bytes.uint16(payload.at + 2)
        // An "atomic" fragment is whole (RFC 6946).
        if field & 0xfff9 != 0 {
          fragment = Fragment(
            identification: bytes.uint32(payload.at + 4), offset: Int(field & 0xfff8),
            isLast: field & 1 == 0)
        }
      case 51: size = (Int(bytes[payload.at + 1]) + 2) * 4
      default: size = (Int(bytes[payload.at + 1]) + 1) * 8
      }
      guard size <= payload.length else {
        throw WireError(
          field: "extension header", offset: payload.at,
          reason: .truncated(needed: size, available: max(0, payload.length)))
      }
      payload.at += size
      payload.length -= size
      // What follows the fragment header belongs to the datagram, not to this packet.
      if fragment != nil { break }
    }
    guard let fragment else {
      packet.content = try Self.transport(frame, bytes, payload, &packet)
      return
    }
    try defragment(frame, payload, fragment, &packet)
  }

  /// Hop-by-hop, routing, fragment, authentication, destination options, mobility.
  @inline(__always)
  private func isExtension(_ kind: UInt8) -> Bool {
    kind == 0 || kind == 43 || kind == 44 || kind == 51 || kind == 60 || kind == 135
  }

  /// Tells the fragment, or the datagram that it completes.
  private mutating func defragment(
    _ frame: ArraySlice<UInt8>, _ payload: Payload, _ fragment: Fragment, _ packet: inout Packet
  ) throws(WireError) {
    packet.content = .fragment(
      protocol: payload.nextProtocol, identification: fragment.identification,
      offset: fragment.offset, length: payload.length, isLast: fragment.isLast)
    // One that the capture cut can't be put together.
    let first = frame.startIndex + payload.at
    guard payload.length > 0, payload.at + payload.length <= frame.count else { return }
    let key = FragmentStore.Key(
      source: packet.source, destination: packet.destination,
      identification: fragment.identification,
      // IPv6's datagrams are told apart without it (RFC 8200 §4.5).
      nextProtocol: payload.isIPv6 ? 0 : payload.nextProtocol)
    guard
      let whole = fragments.add(
        frame[first..<(first + payload.length)], at: fragment.offset, isLast: fragment.isLast,
        nextProtocol: payload.nextProtocol, key, time: packet.time)
    else { return }
    // Extension headers of the datagram itself (destination options) are not looked into.
    packet.content = try Self.transport(
      whole.bytes[...], whole.bytes.span,
      Payload(
        at: 0, length: whole.bytes.count, nextProtocol: whole.nextProtocol,
        isIPv6: payload.isIPv6), &packet)
  }

  struct Fragment {
    var identification: UInt32
    /// In bytes.
    var offset: Int
    var isLast: Bool
  }

  /// What an IP header says of the bytes behind it.
  struct Payload {
    /// In the frame.
    var at: Int
    /// On the wire; the frame may be cut before.
    var length: Int
    var nextProtocol: UInt8
    var isIPv6: Bool
  }
}
