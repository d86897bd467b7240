/// DHCPProxy: option 53, what kind of DHCP message it is (RFC 2132 §9.6).

package struct MessageType: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  package static let discover = MessageType(rawValue: 1)
  package static let offer = MessageType(rawValue: 2)
  package static let request = MessageType(rawValue: 3)
  package static let decline = MessageType(rawValue: 4)
  package static let ack = MessageType(rawValue: 5)
  package static let nak = MessageType(rawValue: 6)
  package static let release = MessageType(rawValue: 7)
  package static let inform = MessageType(rawValue: 8)
}

extension MessageType: CustomStringConvertible {
  package var description: String {
    let names = [
      "DISCOVER", "OFFER", "REQUEST", "DECLINE", "ACK", "NAK", "RELEASE", "INFORM",
    ]
    return rawValue >= 1 && rawValue <= names.count ? names[Int(rawValue) - 1] : "type \(rawValue)"
  }
}
