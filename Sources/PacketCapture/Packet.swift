/// PacketCapture: one packet, decoded as far as its transport header.

package import Wire

/// Payloads are parts of the frame's bytes (of the reader's buffer), or of a datagram that was put
/// together from fragments.
package struct Packet: Sendable {
  /// The frame's number, from 1; of the fragment that completed it.
  package var number: Int
  /// Nanoseconds since 1970.
  package var time: UInt64
  /// Index in the reader's `interfaces`.
  package var interface: Int
  /// The VLAN next to the packet (802.1Q), 0 to 4095; 0 is a tag for its priority alone.
  package var vlan: UInt16?
  /// The VLAN around it (802.1ad, QinQ).
  package var outerVLAN: UInt16?
  package var sourceHardware: MACAddress?
  package var destinationHardware: MACAddress?
  /// 0.0.0.0 for what is not IP; an ARP packet has its own addresses.
  package var source: IPAddress
  package var destination: IPAddress
  package var content: Content
  /// The capture cut the frame: payloads may be shorter than their `length`.
  package var isTruncated: Bool

  package enum Content: Sendable {
    /// `length` is that of the payload on the wire.
    case udp(source: UInt16, destination: UInt16, payload: ArraySlice<UInt8>, length: Int)
    case tcp(TCPSegment)
    case icmp(ICMPMessage)
    case arp(ARPMessage)
    /// A fragment of a datagram that is not complete with it; `offset` and `length` in bytes.
    case fragment(protocol: UInt8, identification: UInt32, offset: Int, length: Int, isLast: Bool)
    /// Another protocol of IP, by IANA's number.
    case other(protocol: UInt8)
    /// Another protocol of the link, by its Ethernet type: 0x888e is 802.1X.
    case link(etherType: UInt16)
  }

  init(_ frame: CapturedFrame) {
    number = frame.number
    time = frame.time
    interface = frame.interface
    source = .any
    destination = .any
    content = .other(protocol: 255)
    isTruncated = frame.bytes.count < frame.originalLength
  }
}

/// RFC 9293 §3.1.
package struct TCPSegment: Sendable {
  package var sourcePort: UInt16
  package var destinationPort: UInt16
  package var sequence: UInt32
  package var acknowledgment: UInt32
  package var flags: Flags
  package var window: UInt16
  /// The option of a SYN.
  package var maximumSegmentSize: UInt16?
  package var payload: ArraySlice<UInt8>
  /// Of the payload on the wire.
  package var length: Int

  package struct Flags: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }
    package static let fin = Flags(rawValue: 1)
    package static let syn = Flags(rawValue: 2)
    package static let rst = Flags(rawValue: 4)
    package static let psh = Flags(rawValue: 8)
    package static let ack = Flags(rawValue: 16)
    package static let urg = Flags(rawValue: 32)
  }
}

/// RFC 792 and RFC 4443. Which of them, the packet's addresses say.
package struct ICMPMessage: Sendable {
  package var type: UInt8
  package var code: UInt8
  /// The greatest packet that would have passed: IPv4's type 3 code 4, IPv6's type 2.
  package var mtu: Int?
  /// The head of the packet that the message is about, for errors.
  package var quoted: Quoted?

  package struct Quoted: Equatable, Sendable {
    package var source: IPAddress
    package var destination: IPAddress
    package var nextProtocol: UInt8
    /// Of UDP and TCP, when they are in it.
    package var sourcePort: UInt16?
    package var destinationPort: UInt16?
  }
}

/// RFC 826, for Ethernet and IPv4.
package struct ARPMessage: Equatable, Sendable {
  /// 1 asks, 2 answers.
  package var operation: UInt16
  package var senderHardware: MACAddress
  package var sender: IPv4Address
  package var targetHardware: MACAddress
  package var target: IPv4Address
}
