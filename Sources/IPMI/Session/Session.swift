/// IPMI: an open session: one command at a time, repeated only where that is safe.

import Wire

/// Receives datagrams and expired waits, answers what to do.
package struct Session: Equatable, Sendable {
  package enum Effect: Equatable, Sendable {
    /// Send, and report when the wait is over without an answer.
    case send([UInt8], wait: Duration)
    /// The BMC is busy: report when this time is over.
    case wait(Duration)
    case answered(CompletionCode, [UInt8])
    /// Silence. A command that must not be repeated may or may not have been carried out.
    case unanswered
    /// Nothing changed; the wait goes on.
    case ignore(String)
  }

  private enum State: Equatable {
    case idle
    case awaiting(CommandRequest, rqSeq: UInt8, tries: Int, busy: Int)
    /// The next try comes when the wait is over.
    case pausing(CommandRequest, busy: Int)
  }

  /// The level that was asked for at login; the session begins at `user`.
  package let privilege: PrivilegeLevel
  private let seal: PacketSeal
  private let consoleID: UInt32
  private let bmcID: UInt32
  private let patience: Patience
  private var state = State.idle
  /// Of the last packet sent. The first one must be 1: Cisco UCS drops sessions that begin higher.
  private var sequence: UInt32 = 0
  private var rqSeq: UInt8 = 0
  private var window = SequenceWindow()

  package init(
    seal: PacketSeal, consoleID: UInt32, bmcID: UInt32, privilege: PrivilegeLevel,
    patience: Patience = Patience()
  ) {
    self.seal = seal
    self.consoleID = consoleID
    self.bmcID = bmcID
    self.privilege = privilege
    self.patience = patience
  }

  package var suite: CipherSuite { seal.suite }

  // MARK: Input

  /// Sends a command; one that is still waiting is forgotten.
  package mutating func begin(
    _ request: CommandRequest, random: inout some RandomNumberGenerator
  ) -> Effect {
    begin(request, busy: 0, random: &random)
  }

  package mutating func waitExpired(random: inout some RandomNumberGenerator) -> Effect {
    switch state {
    case .idle:
      return .ignore("no wait was asked for")
    case .pausing(let request, let busy):
      return begin(request, busy: busy, random: &random)
    case .awaiting(let request, let number, let tries, let busy):
      guard request.isIdempotent, tries < patience.command.count else {
        state = .idle
        return .unanswered
      }
      // The same rqSeq, so that a BMC that saw the first one can tell; a new session sequence.
      state = .awaiting(request, rqSeq: number, tries: tries + 1, busy: busy)
      return .send(
        packet(request, rqSeq: number, random: &random), wait: patience.command[tries])
    }
  }

  package mutating func receive(_ datagram: [UInt8]) -> Effect {
    do throws(WireError) {
      guard case .session(let packet) = try RMCPDatagram(parsing: datagram) else {
        return .ignore("not a packet of this session")
      }
      guard packet.sessionID == consoleID, packet.payloadType == .message else {
        return .ignore("not a message of this session")
      }
      let opened = try seal.open(packet, datagram: datagram)
      guard window.accept(opened.sequence) else { return .ignore("seen before") }
      return received(try LANResponse(parsing: opened.payload))
    } catch {
      return .ignore("malformed or forged: \(error)")
    }
  }

  /// The last packet of the session; its answer is of no interest.
  package mutating func close(random: inout some RandomNumberGenerator) -> [UInt8] {
    let request = CloseSession(sessionID: bmcID).request
    rqSeq = (rqSeq + 1) & 0x3f
    state = .awaiting(request, rqSeq: rqSeq, tries: patience.command.count, busy: 0)
    return packet(request, rqSeq: rqSeq, random: &random)
  }

  // MARK: Inside

  private mutating func begin(
    _ request: CommandRequest, busy: Int, random: inout some RandomNumberGenerator
  ) -> Effect {
    rqSeq = (rqSeq + 1) & 0x3f
    state = .awaiting(request, rqSeq: rqSeq, tries: 1, busy: busy)
    return .send(
      packet(request, rqSeq: rqSeq, random: &random),
      wait: request.isIdempotent ? patience.command.first ?? patience.action : patience.action)
  }

  private mutating func received(_ response: LANResponse) -> Effect {
    guard case .awaiting(let request, let number, _, let busy) = state,
      response.networkFunction == request.networkFunction.response,
      response.command == request.command, response.rqSeq == number
    else { return .ignore("an answer to an earlier command") }
    guard response.checksumsMatch || seal.suite.authenticates else {
      return .ignore("wrong checksum")
    }
    switch response.completionCode {
    case .duplicateRequest:
      // The answer to the first one is still to come.
      return .ignore("the BMC saw the repetition")
    case .nodeBusy, .initializing, .destinationUnavailable:
      return retryLater(request, busy, response)
    case .timeout where request.isIdempotent:
      return retryLater(request, busy, response)
    default:
      state = .idle
      return .answered(response.completionCode, response.data)
    }
  }

  private mutating func retryLater(
    _ request: CommandRequest, _ busy: Int, _ response: LANResponse
  ) -> Effect {
    guard busy < patience.busy.count else {
      state = .idle
      return .answered(response.completionCode, response.data)
    }
    state = .pausing(request, busy: busy + 1)
    return .wait(patience.busy[busy])
  }

  private mutating func packet(
    _ request: CommandRequest, rqSeq: UInt8, random: inout some RandomNumberGenerator
  ) -> [UInt8] {
    // 0 is for packets outside a session.
    sequence = sequence == .max ? 1 : sequence + 1
    let message = LANRequest(
      networkFunction: request.networkFunction, rqSeq: rqSeq, command: request.command,
      data: request.data)
    return seal.seal(
      message.payload, sessionID: bmcID, sequence: sequence,
      iv: random.bytes(PacketSeal.blockLength))
  }
}
