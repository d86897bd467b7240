/// IPMI: the login to a BMC, from the first question to a session with keys.

import Wire

//  probe (0x38) ──► Open Session ──► RAKP 1 ──► RAKP 3 ──► a session
//                       ▲   next suite: refused or downgraded
//                       └── new attempt: a step and its one repetition were lost

/// Receives datagrams and expired waits, answers what to do. Random numbers are passed in.
package struct Handshake: Equatable, Sendable {
  // What is not private is for Handshake+steps.swift.

  package enum Effect: Equatable, Sendable {
    /// Send, and report when the wait is over without anything else having happened.
    case send([[UInt8]], wait: Duration)
    case established(Session)
    /// The end; `farewell` is for a BMC that holds a session open for us.
    case failed(IPMIError, farewell: [[UInt8]])
    /// Nothing changed; the wait goes on.
    case ignore(String)
  }

  enum State: Equatable {
    case ready
    case probing(tries: Int, extended: Bool)
    case opening(Try)
    case proving(Try, bmcID: UInt32)
    case confirming(Try, KeyExchange, SessionKeys)
    case over
  }

  /// One walk through Open Session, RAKP 1 and RAKP 3, with an id of its own.
  struct Try: Equatable {
    var consoleID: UInt32
    var consoleRandom: [UInt8]
    /// What the present step sent.
    var datagram: [UInt8] = []
    var isRepeated = false
    /// Something was repeated in this walk, so an odd refusal later may be due to that.
    var hadRepetition = false
  }

  let login: IPMILogin
  let patience: Patience
  var state = State.ready
  var suiteIndex = 0
  /// How many walks were given up because of silence.
  var lostTries = 0
  /// How often RAKP 3 was called wrong although RAKP 2 had been right.
  var denials = 0
  var tag: UInt8 = 0
  /// Asked for in RAKP 1, and in Open Session unless `openPrivilege` says otherwise.
  var privilege: PrivilegeLevel
  /// Nil: the same as in RAKP 1, because some boards (Supermicro X8DT, Intel S5500WB, Dell C5220)
  /// compute their codes with this byte and others with RAKP 1's.
  var openPrivilege: UInt8?
  var capabilities: GetChannelAuthenticationCapabilities.Response?
  /// Why the suites before the present one were not taken.
  var sawFullTable = false

  package init(_ login: IPMILogin, patience: Patience = Patience()) {
    self.login = login
    self.patience = patience
    privilege = login.privilege
  }

  // MARK: Input

  package mutating func start() -> Effect {
    probe(tries: 0, extended: true)
  }

  package mutating func waitExpired(
    random: inout some RandomNumberGenerator
  ) -> Effect {
    switch state {
    case .probing(let tries, let extended):
      return tries < patience.probe.count
        ? probe(tries: tries, extended: extended) : fail(.noAnswer)
    case .opening(var walk):
      return resend(&walk, .openSession, random: &random) { .opening($0) }
    case .proving(var walk, let bmcID):
      let goodbye = walk.isRepeated ? farewell(random: &random) : []
      return resend(&walk, .rakp1, random: &random) { .proving($0, bmcID: bmcID) }
        .preceded(by: goodbye)
    case .confirming(var walk, let exchange, let keys):
      let goodbye = walk.isRepeated ? farewell(random: &random) : []
      return resend(&walk, .rakp3, random: &random) { .confirming($0, exchange, keys) }
        .preceded(by: goodbye)
    case .ready, .over:
      return .ignore("no wait was asked for")
    }
  }

  package mutating func receive(
    _ datagram: [UInt8], random: inout some RandomNumberGenerator
  ) -> Effect {
    do throws(WireError) {
      switch try RMCPDatagram(parsing: datagram) {
      case .legacy(let packet):
        return try receive(probe: packet, random: &random)
      case .session(let packet):
        return try receive(step: packet, random: &random)
      case .other(let what):
        return .ignore(what)
      }
    } catch {
      return .ignore("malformed: \(error)")
    }
  }

  /// What lets a BMC free the session that it may hold for us by now; at most one datagram.
  package func farewell(random: inout some RandomNumberGenerator) -> [[UInt8]] {
    switch state {
    case .proving(_, let bmcID):
      let refusal = RAKP3(tag: tag, status: .insufficientResources, bmcID: bmcID, code: [])
      return [SessionPacket(payloadType: .rakp3, payload: refusal.payload).datagram]
    case .confirming(let walk, let exchange, let keys):
      // If it was RAKP 4 that got lost, the session is open.
      var session = session(walk, exchange, keys)
      return [session.close(random: &random)]
    default:
      return []
    }
  }

  // MARK: The probe

  private mutating func probe(tries: Int, extended: Bool) -> Effect {
    state = .probing(tries: tries + 1, extended: extended)
    let command = GetChannelAuthenticationCapabilities(
      asksForExtended: extended, privilege: privilege)
    let message = LANRequest(
      networkFunction: .app, rqSeq: 0, command: type(of: command).code, data: command.bytes)
    let wait = patience.probe[min(tries, patience.probe.count - 1)]
    return .send([LegacyPacket(sessionless: message.payload).datagram], wait: wait)
  }

  private mutating func receive(
    probe packet: LegacyPacket, random: inout some RandomNumberGenerator
  ) throws(WireError) -> Effect {
    guard case .probing(let tries, let extended) = state else {
      return .ignore("an answer to a probe that is over")
    }
    let response = try LANResponse(parsing: packet.payload)
    guard response.networkFunction == NetworkFunction.app.response,
      response.command == GetChannelAuthenticationCapabilities.code
    else { return .ignore("an answer to something else") }
    if response.completionCode == .ok {
      var reader = ByteReader(response.data)
      capabilities = try GetChannelAuthenticationCapabilities.Response(parsing: &reader)
    } else if extended {
      // Some BMCs of IPMI 1.5 times answer 0xcc to the bit of 2.0.
      return probe(tries: tries - 1, extended: false)
    }
    return open(random: &random)
  }

  // MARK: Ways on

  func session(_ walk: Try, _ exchange: KeyExchange, _ keys: SessionKeys) -> Session {
    Session(
      seal: PacketSeal(suite: login.suites[suiteIndex], keys: keys), consoleID: walk.consoleID,
      bmcID: exchange.bmcID, privilege: privilege, patience: patience)
  }

  var role: UInt8 { privilege.rawValue | 0x10 }

  var wrongKey: IPMIError { login.kg == nil ? .needsKg : .wrongKg }

  mutating func send(
    _ payload: [UInt8], _ type: PayloadType, _ walk: inout Try, _ next: (Try) -> State
  ) -> Effect {
    walk.datagram = SessionPacket(payloadType: type, payload: payload).datagram
    walk.isRepeated = false
    state = next(walk)
    return .send([walk.datagram], wait: patience.step[0] * (lostTries + 1))
  }

  private mutating func resend(
    _ walk: inout Try, _ step: LoginStep, random: inout some RandomNumberGenerator,
    _ next: (Try) -> State
  ) -> Effect {
    guard !walk.isRepeated else { return retry(step, nil, random: &random) }
    walk.isRepeated = true
    walk.hadRepetition = true
    state = next(walk)
    return .send([walk.datagram], wait: patience.step[1] * (lostTries + 1))
  }

  /// From Open Session again, with new ids.
  mutating func retry(
    _ step: LoginStep, _ status: RMCPStatus?, random: inout some RandomNumberGenerator
  ) -> Effect {
    lostTries += 1
    guard lostTries < patience.attempts else {
      if status == .invalidIntegrityValue { return fail(wrongKey) }
      if let status { return fail(.loginRefused(step: step, status)) }
      let isLegacy = step == .openSession && capabilities?.speaksRMCPPlus == false
      return fail(isLegacy ? .onlyLegacy : .silentLogin(step: step))
    }
    return open(random: &random)
  }

  mutating func nextSuite(random: inout some RandomNumberGenerator) -> Effect? {
    guard suiteIndex + 1 < login.suites.count else { return nil }
    suiteIndex += 1
    return open(random: &random)
  }

  mutating func fail(_ error: IPMIError, farewell: [[UInt8]] = []) -> Effect {
    state = .over
    return .failed(error, farewell: farewell)
  }
}

extension Handshake.Effect {
  fileprivate func preceded(by farewell: [[UInt8]]) -> Self {
    switch self {
    case .send(let datagrams, let wait): .send(farewell + datagrams, wait: wait)
    case .failed(let error, let own): .failed(error, farewell: farewell + own)
    case .established, .ignore: self
    }
  }
}

extension RandomNumberGenerator {
  mutating func bytes(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let word: UInt64 = next()
      bytes += (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
    }
    return Array(bytes.prefix(count))
  }
}
