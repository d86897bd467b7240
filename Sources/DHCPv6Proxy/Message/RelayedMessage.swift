/// DHCPv6Proxy: a message inside of what its relay agents put around it (RFC 8415 §9, §19).

package import Wire

/// A client's message, or one to a client, with the relays that it came through.
package struct RelayedMessage: Equatable, Sendable {
  /// The outermost first: that is the relay which sent to us. Empty for a client on our own link.
  package var hops: [RelayHop]
  package var message: DHCPv6Message

  /// HOP_COUNT_LIMIT of RFC 8415 §7.6.
  static let mostHops = 8

  package init(hops: [RelayHop] = [], message: DHCPv6Message) {
    self.hops = hops
    self.message = message
  }

  /// Reads a message as it arrives at a server: RELAY-FORW around it, or nothing.
  package init(parsing bytes: [UInt8]) throws(WireError) {
    var reader = ByteReader(bytes)
    hops = []
    while reader.peek == DHCPv6MessageType.relayForward.rawValue {
      guard hops.count < Self.mostHops else {
        throw reader.invalid("relay message", "came through more than \(Self.mostHops) relays")
      }
      let (hop, inner) = try RelayHop.reading(&reader)
      hops.append(hop)
      reader = inner
    }
    message = try DHCPv6Message(parsing: &reader)
  }

  /// The answer on its way back: the same relays as RELAY-REPL, in the same order (RFC 8415 §19.3).
  package func encodeReply(into writer: inout ByteWriter) throws(WireError) {
    try encode(.relayReply, into: &writer)
  }

  /// The way of a question; the mirror of `init(parsing:)`.
  package func encode(into writer: inout ByteWriter) throws(WireError) {
    try encode(.relayForward, into: &writer)
  }

  private func encode(
    _ type: DHCPv6MessageType, into writer: inout ByteWriter
  ) throws(WireError) {
    var inner = ByteWriter(capacity: 320)
    try message.encode(into: &inner)
    for hop in hops.reversed() {
      var outer = ByteWriter(capacity: inner.count + 64)
      try hop.encode(type, around: inner.bytes, into: &outer)
      inner = outer
    }
    writer.write(inner.bytes)
  }
}

/// What one relay agent put around a message (RFC 8415 §9):
///
///     msg-type (1) · hop-count (1) · link-address (16) · peer-address (16) · options
///
/// The message itself is option 9.
package struct RelayHop: Equatable, Sendable {
  package var count: UInt8
  /// An address of the link that the client is on; :: when the relay names it otherwise.
  package var linkAddress: IPv6Address
  /// The client, or the relay before this one.
  package var peerAddress: IPv6Address
  /// In wire order, without option 9.
  package var options: [DHCPv6Option]

  package init(
    count: UInt8, linkAddress: IPv6Address, peerAddress: IPv6Address, options: [DHCPv6Option] = []
  ) {
    self.count = count
    self.linkAddress = linkAddress
    self.peerAddress = peerAddress
    self.options = options
  }

  /// The hop, and a reader of the message in its option 9 with the offsets of the whole.
  fileprivate static func reading(
    _ reader: inout ByteReader
  ) throws(WireError) -> (RelayHop, ByteReader) {
    try reader.skip(1, "msg-type")
    let count = try reader.readUInt8("hop-count")
    let link = IPv6Address(bytes: try reader.readBytes(16, "link-address")) ?? .any
    let peer = IPv6Address(bytes: try reader.readBytes(16, "peer-address")) ?? .any
    var hop = RelayHop(count: count, linkAddress: link, peerAddress: peer)
    var inner: ByteReader?
    while reader.remaining > 0 {
      let code = DHCPv6OptionCode(rawValue: try reader.readUInt16("option code"))
      let length = Int(try reader.readUInt16("length of option \(code.rawValue)"))
      if code == .relayMessage, inner == nil {
        inner = try reader.readReader(length, "relay message")
      } else {
        let bytes = try reader.readBytes(length, "option \(code.rawValue)")
        hop.options.append(DHCPv6Option(code, Array(bytes)))
      }
    }
    guard let inner else { throw reader.invalid("relay message", "is missing") }
    return (hop, inner)
  }

  fileprivate func encode(
    _ type: DHCPv6MessageType, around message: [UInt8], into writer: inout ByteWriter
  ) throws(WireError) {
    writer.write([type.rawValue, count])
    writer.write(linkAddress.bytes)
    writer.write(peerAddress.bytes)
    for option in options { try option.encode(into: &writer) }
    try DHCPv6Option(.relayMessage, message).encode(into: &writer)
  }
}
