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
  var vendorOptions: [UInt8]?
  package var destination: ReplyDestination

  /// The message; options in a fixed order, 82 last (RFC 3046 §2.2). Every option of ours is short and
  /// not empty: EDK2 drops a packet with an option of length 0.
  package var message: DHCPMessage {
    let shape = choice.strategy.shape
    let name = Array(file.utf8)
    let fitsHeader = name.count < 128
    var options = [
      DHCPOption(.messageType, [type.rawValue]),
      DHCPOption(.serverIdentifier, server.bytes),
      DHCPOption(.vendorClass, Array(shape.vendorClass.utf8)),
    ]
    if shape.inOption66 {
      options.append(DHCPOption(.serverName, Array(server.description.utf8)))
    }
    if filePlace == .headerAnd67 || (filePlace == .headerOr67 && !fitsHeader) {
      // With a NUL at its end: EDK2 writes one there anyway, over the next option's code.
      options.append(DHCPOption(.bootFileName, name + [0]))
    }
    // RFC 4578 §2.3 gives 97 seventeen bytes; of a foreign value a bounded one comes back as well.
    if let uuid = question.options.first(.clientUUID), (1...32).contains(uuid.count) {
      options.append(DHCPOption(.clientUUID, uuid))
    }
    if let vendorOptions { options.append(DHCPOption(.vendorSpecific, vendorOptions)) }
    if let etherboot = shape.etherboot { options.append(DHCPOption(.etherboot, etherboot)) }
    if let relay = question.options.first(.relayAgentInformation), !relay.isEmpty {
      options.append(DHCPOption(.relayAgentInformation, relay))
    }
    return DHCPMessage(
      op: .reply, htype: question.htype, hlen: question.hlen, hops: 0, xid: question.xid, secs: 0,
      // A relay that would unicast to `yiaddr` would send to 0.0.0.0: it is told to broadcast.
      flags: question.ciaddr.isUnspecified ? DHCPMessage.broadcastFlag : question.flags,
      ciaddr: question.ciaddr, yiaddr: .any, siaddr: server, giaddr: question.giaddr,
      chaddr: question.chaddr, sname: Self.field(Array(server.description.utf8), 64),
      file: Self.field(fitsHeader && filePlace != .nowhere ? name : [], 128), options: options)
  }

  /// Old ROMs take 576 bytes of IP, so 548 of DHCP (RFC 2131 §2); what a relay added it takes out again.
  var fitsOldFirmware: Bool {
    let options = message.options.filter { $0.code != .relayAgentInformation }
    return 241 + options.reduce(0) { $0 + 2 + $1.bytes.count } <= 548
  }

  private static func field(_ text: [UInt8], _ size: Int) -> [UInt8] {
    text + [UInt8](repeating: 0, count: max(0, size - text.count))
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
