/// IPMI: sorts a received datagram by what is behind its RMCP header.

package import Wire

package enum RMCPDatagram: Equatable, Sendable {
  /// IPMI 1.5 format.
  case legacy(LegacyPacket)
  /// RMCP+, IPMI 2.0.
  case session(SessionPacket)
  /// Well-formed, but nothing that this client asked for.
  case other(String)

  package init(parsing datagram: [UInt8]) throws(WireError) {
    var reader = ByteReader(datagram)
    let header = try RMCPHeader(parsing: &reader)
    if header.isAcknowledgement {
      self = .other("an RMCP acknowledgement")
    } else if header.messageClass != .ipmi {
      self = .other("RMCP class \(header.messageClass.rawValue)")
    } else if reader.peek == SessionPacket.authenticationType {
      self = .session(try SessionPacket(parsing: &reader))
    } else {
      self = .legacy(try LegacyPacket(parsing: &reader))
    }
  }
}
