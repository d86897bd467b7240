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
    /// The payload of a packet of the serial console.
    case serial([UInt8])
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

  /// The level that was asked for at login, the highest that can be had; the session begins at
  /// `user`.
  package let privilege: PrivilegeLevel
  private let seal: SessionSeal
  /// 0 in IPMI 1.5, whose sessions have one id.
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
    self.seal = .plus(seal)
    self.consoleID = consoleID
    self.bmcID = bmcID
    self.privilege = privilege
    self.patience = patience
  }

  /// Of IPMI 1.5. `firstSequence` is what the BMC wants to see in our first packet.
  package init(
    legacy: LegacySeal, id: UInt32, firstSequence: UInt32, privilege: PrivilegeLevel,
    patience: Patience = Patience()
  ) {
    seal = .legacy(legacy)
    consoleID = 0
    bmcID = id
    sequence = firstSequence &- 1
    self.privilege = privilege
    self.patience = patience
  }

  /// nil in IPMI 1.5.
  package var suite: CipherSuite? {
    if case .plus(let seal) = seal { seal.suite } else { nil }
  }

  /// Packets are signed.
  package var authenticates: Bool { seal.authenticates }

  /// How long to wait before something else is sent to the BMC; zero for most.
  package var pace: Duration { patience.pace }

  /// After so much silence the session is kept alive by a question.
  package var keepAlive: Duration { patience.keepAlive }

  package var isIdle: Bool { state == .idle }

  /// Packets that were the BMC's without doubt, whatever was in them.
  package private(set) var heardCount: UInt64 = 0

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
      switch try seal.open(datagram, consoleID: consoleID, sessionID: bmcID) {
      case .other(let why):
        return .ignore(why)
      case .message(let payload, let sequence):
        guard accept(sequence) else { return .ignore("seen before") }
        return received(try LANResponse(parsing: payload))
      case .serial(let payload, let sequence):
        guard accept(sequence) else { return .ignore("seen before") }
        return .serial(payload)
      }
    } catch {
      return .ignore("malformed or forged: \(error)")
    }
  }

  /// A packet of the serial console. Needs a session of IPMI 2.0.
  package mutating func serial(
    _ payload: [UInt8], random: inout some RandomNumberGenerator
  ) -> [UInt8] {
    advance()
    return seal.seal(
      payload, type: .serialOverLAN, sessionID: bmcID, sequence: sequence, random: &random)
  }

  /// A question whose answer is of no interest, so that the BMC does not take the session for
  /// abandoned. nil while a command is under way: that says as much.
  package mutating func keepAlive(random: inout some RandomNumberGenerator) -> [UInt8]? {
    guard isIdle else { return nil }
    rqSeq = (rqSeq + 1) & 0x3f
    return packet(GetDeviceID().request, rqSeq: rqSeq, random: &random)
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
    guard response.checksumsMatch || seal.authenticates else {
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

  private mutating func accept(_ sequence: UInt32) -> Bool {
    // Folklore: some BMCs of IPMI 1.5 do not count; then only rqSeq tells answers apart.
    let isNew = if case .legacy = seal, sequence == 0 { true } else { window.accept(sequence) }
    if isNew { heardCount &+= 1 }
    return isNew
  }

  /// 0 is for packets outside a session.
  private mutating func advance() {
    sequence = sequence == .max ? 1 : sequence + 1
  }

  private mutating func packet(
    _ request: CommandRequest, rqSeq: UInt8, random: inout some RandomNumberGenerator
  ) -> [UInt8] {
    advance()
    let message = LANRequest(
      networkFunction: request.networkFunction, rqSeq: rqSeq, command: request.command,
      data: request.data)
    return seal.seal(
      message.payload, type: .message, sessionID: bmcID, sequence: sequence, random: &random)
  }
}
