/// DHCPProxy: an answer of ours. It has no place for an address to give away.

package import Wire

/// What Fino sends: an OFFER or an ACK that names a boot file. `yiaddr` is not a field of this type:
/// whatever is decided, the encoded message has 0 there.
package struct ProxyReply: Equatable, Sendable {
  package var type: MessageType
  /// The question; `xid`, `htype`, `hlen`, `chaddr`, `ciaddr`, `giaddr` and option 97 are echoed.
  var question: DHCPMessage
  package var server: IPv4Address
  /// The way of answering, and why this one.
  package var choice: StrategyChoice
  /// The boot file's name or URL, also where this packet leaves it to port 4011; empty for a Raspberry
  /// Pi, which knows its files itself.
  package var file: String
  var filePlace: AnswerShape.FilePlace
  /// Option 43.
  var vendorOptions: VendorOptions?
  package var destination: ReplyDestination

  /// Writes the message (`DHCPMessage` has the drawing), padded to at least 300 bytes: old ROMs and
  /// relays drop less. It goes straight into the packet, because this is done for every question.
  package func encode(into writer: inout ByteWriter) {
    let start = writer.count
    // A relay that would unicast to `yiaddr` would send to 0.0.0.0: it is told to broadcast.
    let flags = question.ciaddr.isUnspecified ? DHCPMessage.broadcastFlag : question.flags
    writer.write(DHCPMessage.Operation.reply.rawValue)
    writer.write(question.htype)
    writer.write(question.hlen)
    writer.write(0 as UInt8)
    writer.write(question.xid)
    writer.write(UInt32(flags))
    writer.write(question.ciaddr.value)
    writer.write(IPv4Address.any.value)
    writer.write(server.value)
    writer.write(question.giaddr.value)
    writer.write(question.chaddr)
    server.encodeText(into: &writer)
    writer.pad(to: start + 108)
    if filePlace != .nowhere, fitsHeader { writer.write(file) }
    writer.pad(to: start + 236)
    writer.write(DHCPMessage.magic)
    encodeOptions(into: &writer)
    writer.write(OptionCode.end.rawValue)
    writer.pad(to: start + 300)
  }

  /// In a fixed order, 82 last (RFC 3046 §2.2). Every option of ours is short and not empty: EDK2 drops
  /// a packet with an option of length 0.
  private func encodeOptions(into writer: inout ByteWriter) {
    let shape = choice.strategy.shape
    writer.write(.messageType, count: 1)
    writer.write(type.rawValue)
    writer.write(.serverIdentifier, count: 4)
    writer.write(server.value)
    writer.write(.vendorClass, shape.vendorClass)
    if shape.inOption66 { writer.write(.serverName, server.description) }
    if filePlace == .headerAnd67 || (filePlace == .headerOr67 && !fitsHeader) {
      // With a NUL at its end: EDK2 writes one there anyway, over the next option's code.
      writer.write(.bootFileName, count: file.utf8.count + 1)
      writer.write(file)
      writer.write(0 as UInt8)
    }
    // RFC 4578 §2.3 gives 97 seventeen bytes; of a foreign value a bounded one comes back as well.
    if let uuid = question.options.value(.clientUUID), (1...32).contains(uuid.count) {
      writer.write(.clientUUID, uuid)
    }
    if let vendorOptions {
      writer.write(.vendorSpecific, count: vendorOptions.encodedCount)
      vendorOptions.encode(into: &writer)
    }
    if let etherboot = shape.etherboot { writer.write(.etherboot, etherboot[...]) }
    if let relay = question.options.value(.relayAgentInformation), !relay.isEmpty {
      writer.write(.relayAgentInformation, relay)
    }
  }

  private var fitsHeader: Bool { file.utf8.count < 128 }

  /// Old ROMs take 576 bytes of IP, so 548 of DHCP (RFC 2131 §2); what a relay added it takes out again.
  var fitsOldFirmware: Bool {
    var writer = ByteWriter(capacity: 600)
    encode(into: &writer)
    let relay = question.options.value(.relayAgentInformation)?.count ?? 0
    return writer.count - (relay > 0 ? 2 + relay : 0) <= 548
  }
}

/// Where a reply goes (RFC 2131 §4.1, as it is for a server that gives no address).
package enum ReplyDestination: Equatable, Sendable {
  /// Everybody on the network, port 68.
  case broadcast
  /// IP broadcast in a frame to the client's own hardware address: it has no address yet and did
  /// not ask for a broadcast.
  case hardware(MACAddress)
  /// The client or its relay agent.
  case unicast(Endpoint)
}
