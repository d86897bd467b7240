/// DHCPProxy: an answer of ours. It has no place for an address to give away.

package import Wire

/// What Fino sends: an OFFER or an ACK that names a boot file. `yiaddr` is not a field of this type:
/// whatever is decided, the encoded message has 0 there.
package struct ProxyReply: Equatable, Sendable {
  package var type: MessageType
  /// The question; `xid`, `htype`, `hlen`, `chaddr`, `ciaddr`, `giaddr` and option 97 are echoed.
  var question: DHCPMessage
  package var server: IPv4Address
  /// `PXEClient` or `HTTPClient`, never more: longer strings are compared by some firmware.
  package var vendorClass: String
  /// The boot file's name or URL.
  package var file: String
  /// Also in option 67 (HTTP Boot reads that first), with a NUL at its end: EDK2 writes one there
  /// anyway, over the next option's code.
  var inOption67: Bool
  var vendorOptions: [UInt8]?
  var etherboot: [UInt8]?
  package var destination: ReplyDestination

  /// The message; options in a fixed order, 82 last (RFC 3046 §2.2).
  package var message: DHCPMessage {
    var options = [
      DHCPOption(.messageType, [type.rawValue]),
      DHCPOption(.serverIdentifier, server.bytes),
      DHCPOption(.vendorClass, Array(vendorClass.utf8)),
    ]
    let name = Array(file.utf8)
    if inOption67 { options.append(DHCPOption(.bootFileName, name + [0])) }
    if let uuid = question.options.first(.clientUUID) {
      options.append(DHCPOption(.clientUUID, uuid))
    }
    if let vendorOptions { options.append(DHCPOption(.vendorSpecific, vendorOptions)) }
    if let etherboot { options.append(DHCPOption(.etherboot, etherboot)) }
    if let relay = question.options.first(.relayAgentInformation) {
      options.append(DHCPOption(.relayAgentInformation, relay))
    }
    return DHCPMessage(
      op: .reply, htype: question.htype, hlen: question.hlen, hops: 0, xid: question.xid, secs: 0,
      // A relay that would unicast to `yiaddr` would send to 0.0.0.0: it is told to broadcast.
      flags: question.ciaddr.isUnspecified ? DHCPMessage.broadcastFlag : question.flags,
      ciaddr: question.ciaddr, yiaddr: .any, siaddr: server, giaddr: question.giaddr,
      chaddr: question.chaddr, sname: Self.field(Array(server.description.utf8), 64),
      file: Self.field(name.count < 128 ? name : [], 128), options: options)
  }

  private static func field(_ text: [UInt8], _ size: Int) -> [UInt8] {
    text + [UInt8](repeating: 0, count: max(0, size - text.count))
  }
}

extension DHCPMessage {
  package init(
    op: Operation, htype: UInt8, hlen: UInt8, hops: UInt8, xid: UInt32, secs: UInt16,
    flags: UInt16, ciaddr: IPv4Address, yiaddr: IPv4Address, siaddr: IPv4Address,
    giaddr: IPv4Address, chaddr: [UInt8], sname: [UInt8], file: [UInt8], options: [DHCPOption]
  ) {
    self.op = op
    self.htype = htype
    self.hlen = hlen
    self.hops = hops
    self.xid = xid
    self.secs = secs
    self.flags = flags
    self.ciaddr = ciaddr
    self.yiaddr = yiaddr
    self.siaddr = siaddr
    self.giaddr = giaddr
    self.chaddr = chaddr
    self.sname = sname
    self.file = file
    self.options = options
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
