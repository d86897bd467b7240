/// IPMI: what an RMCP+ packet carries.

/// IPMI 2.0 table 13-16. Six bits on the wire.
package struct PayloadType: RawRepresentable, Hashable, Sendable {
  package var rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let message = PayloadType(rawValue: 0x00)
  package static let serialOverLAN = PayloadType(rawValue: 0x01)
  /// Six more bytes (a vendor's number and payload id) follow in the header.
  package static let oemExplicit = PayloadType(rawValue: 0x02)
  package static let openSessionRequest = PayloadType(rawValue: 0x10)
  package static let openSessionResponse = PayloadType(rawValue: 0x11)
  package static let rakp1 = PayloadType(rawValue: 0x12)
  package static let rakp2 = PayloadType(rawValue: 0x13)
  package static let rakp3 = PayloadType(rawValue: 0x14)
  package static let rakp4 = PayloadType(rawValue: 0x15)
}
