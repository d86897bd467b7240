/// IPMI: the login of IPMI 1.5: a challenge, and the answer to it.

import Wire

extension Handshake {
  mutating func challenge(_ authentication: LegacyAuthentication) -> Effect {
    guard login.password.count <= LegacySeal.maximumPasswordLength else {
      return fail(.tooLong(.password, limit: LegacySeal.maximumPasswordLength))
    }
    var walk = LegacyTry(authentication: authentication)
    walk.datagram = sessionless(
      GetSessionChallenge(
        authenticationType: authentication.rawValue, username: login.username))
    return resend(walk) { .challenging($0) }
  }

  /// Both steps may be repeated: the same challenge gives the same session.
  mutating func resend(_ walk: LegacyTry, _ next: (LegacyTry) -> State) -> Effect {
    guard walk.tries < patience.probe.count else {
      return fail(
        .silentLogin(step: walk.rqSeq == 0 ? .getSessionChallenge : .activateSession))
    }
    var walk = walk
    let wait = max(patience.step[0], patience.probe[walk.tries])
    walk.tries += 1
    state = next(walk)
    return .send([walk.datagram], wait: wait)
  }

  mutating func challenged(
    _ response: LANResponse, _ walk: LegacyTry, random: inout some RandomNumberGenerator
  ) throws(WireError) -> Effect {
    switch response.completionCode.rawValue {
    case 0: break
    case 0x81, 0x82: return fail(.wrongUsername)
    default: return fail(refusal(GetSessionChallenge.self, response))
    }
    var reader = ByteReader(response.data)
    let challenge = try GetSessionChallenge.Response(parsing: &reader)
    let command = ActivateSession(
      authenticationType: walk.authentication.rawValue, privilege: privilege,
      challenge: challenge.challenge,
      outboundSequence: UInt32(truncatingIfNeeded: random.next()) >> 1 | 1)
    let message = LANRequest(
      networkFunction: .app, rqSeq: 1, command: ActivateSession.code, data: command.bytes)
    var next = LegacyTry(authentication: walk.authentication, rqSeq: 1)
    // Signed already, with the temporary id; the count begins after it.
    next.datagram =
      seal(walk.authentication).seal(
        message.payload, sessionID: challenge.temporaryID, sequence: 0
      ).datagram
    return resend(next) { .activating($0, challenge) }
  }

  mutating func activated(
    _ response: LANResponse, _ packet: LegacyPacket, _ walk: LegacyTry,
    _ challenge: GetSessionChallenge.Response
  ) throws(WireError) -> Effect {
    switch response.completionCode.rawValue {
    case 0: break
    case 0x81, 0x82, 0x83: return fail(.sessionTableFull)
    case 0x86: return fail(.privilegeRefused(privilege))
    // A wrong code is answered so by some, and by others not at all.
    case 0x85, CompletionCode.insufficientPrivilege.rawValue: return fail(.wrongPassword)
    default: return fail(refusal(ActivateSession.self, response))
    }
    // Folklore: some BMCs do not sign this one answer; a forged one only leads to a dead session.
    guard packet.authenticationType == 0 || seal(walk.authentication).accepts(packet) else {
      return .ignore("signed wrongly")
    }
    var reader = ByteReader(response.data)
    let accepted = try ActivateSession.Response(parsing: &reader)
    guard let perMessage = LegacyAuthentication(rawValue: accepted.authenticationType),
      perMessage == walk.authentication || perMessage == .none
    else { return fail(.legacyDowngraded(asked: walk.authentication)) }
    state = .over
    let first = accepted.inboundSequence
    return .established(
      Session(
        legacy: LegacySeal(
          authentication: walk.authentication, perMessage: perMessage, password: login.password),
        id: accepted.sessionID,
        firstSequence: quirks.contains(.bigEndianSequence) ? first.byteSwapped : first,
        privilege: privilege, patience: patience))
  }

  private func seal(_ authentication: LegacyAuthentication) -> LegacySeal {
    LegacySeal(
      authentication: authentication, perMessage: authentication, password: login.password)
  }

  private func refusal<Command: IPMICommand>(
    _ command: Command.Type, _ response: LANResponse
  ) -> IPMIError {
    .failed(
      command: command.name, response.completionCode,
      meaning: command.meanings[response.completionCode.rawValue] ?? "")
  }
}
