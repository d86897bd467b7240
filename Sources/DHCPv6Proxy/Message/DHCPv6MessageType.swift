/// DHCPv6Proxy: what kind of DHCPv6 message it is (RFC 8415 §7.3).

package struct DHCPv6MessageType: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  package static let solicit = DHCPv6MessageType(rawValue: 1)
  package static let advertise = DHCPv6MessageType(rawValue: 2)
  package static let request = DHCPv6MessageType(rawValue: 3)
  package static let reply = DHCPv6MessageType(rawValue: 7)
  package static let informationRequest = DHCPv6MessageType(rawValue: 11)
  package static let relayForward = DHCPv6MessageType(rawValue: 12)
  package static let relayReply = DHCPv6MessageType(rawValue: 13)
}

extension DHCPv6MessageType: CustomStringConvertible {
  package var description: String {
    let names = [
      "SOLICIT", "ADVERTISE", "REQUEST", "CONFIRM", "RENEW", "REBIND", "REPLY", "RELEASE",
      "DECLINE", "RECONFIGURE", "INFORMATION-REQUEST", "RELAY-FORW", "RELAY-REPL",
    ]
    return rawValue >= 1 && rawValue <= names.count ? names[Int(rawValue) - 1] : "type \(rawValue)"
  }
}
