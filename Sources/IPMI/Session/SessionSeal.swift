/// IPMI: the packets of a session of either version, sealed and opened.

import Wire

enum SessionSeal: Equatable {
  case plus(PacketSeal)
  case legacy(LegacySeal)

  /// What a datagram turned out to be.
  enum Opened: Equatable {
    case message([UInt8], sequence: UInt32)
    case serial([UInt8], sequence: UInt32)
    /// Well-formed, but not of this session.
    case other(String)
  }

  var authenticates: Bool {
    switch self {
    case .plus(let seal): seal.suite.authenticates
    case .legacy(let seal): seal.perMessage != .none
    }
  }

  /// The finished datagram.
  func seal(
    _ payload: [UInt8], type: PayloadType, sessionID: UInt32, sequence: UInt32,
    random: inout some RandomNumberGenerator
  ) -> [UInt8] {
    switch self {
    case .plus(let seal):
      seal.seal(
        payload, type: type, sessionID: sessionID, sequence: sequence,
        iv: seal.suite.encrypts ? random.bytes(PacketSeal.blockLength) : [])
    case .legacy(let seal):
      seal.seal(payload, sessionID: sessionID, sequence: sequence).datagram
    }
  }

  /// Throws when the datagram is malformed or not protected as the session demands.
  func open(
    _ datagram: [UInt8], consoleID: UInt32, sessionID: UInt32
  ) throws(WireError) -> Opened {
    switch (self, try RMCPDatagram(parsing: datagram)) {
    case (.plus(let seal), .session(let packet)):
      // Folklore: Tyan boards answer with session id 0 (FreeIPMI's `idzero`); then the code alone
      // proves whose packet it is.
      let isOurs =
        packet.sessionID == consoleID || packet.sessionID == 0 && seal.suite.authenticates
      guard isOurs else { return .other("not a packet of this session") }
      guard packet.payloadType == .message || packet.payloadType == .serialOverLAN else {
        return .other("payload type \(packet.payloadType.rawValue)")
      }
      let opened = try seal.open(packet, datagram: datagram)
      return packet.payloadType == .message
        ? .message(opened.payload, sequence: opened.sequence)
        : .serial(opened.payload, sequence: opened.sequence)
    case (.legacy(let seal), .legacy(let packet)):
      guard packet.sessionID == sessionID || packet.sessionID == 0 else {
        return .other("not a packet of this session")
      }
      guard seal.accepts(packet) else {
        throw WireError(
          field: "authentication code", offset: 13, reason: .invalid("does not match"))
      }
      return .message(packet.payload, sequence: packet.sequence)
    case (_, .other(let what)):
      return .other(what)
    default:
      return .other("not a packet of this session")
    }
  }
}
