/// IPMI: the login to a BMC, from the first question to a session with keys.

import Wire

//  probe (0x38) ──► Open Session ──► RAKP 1 ──► RAKP 3 ──► a session
//     │                 ▲   next suite: refused or downgraded; at last those that the BMC lists (0x54)
//     │                 └── new attempt: a step and its one repetition were lost
//     └───────────► Get Session Challenge ──► Activate Session ──► a session of IPMI 1.5

/// Receives datagrams and expired waits, answers what to do. Random numbers are passed in.
package struct Handshake: Equatable, Sendable {
  // What is not private is for Handshake+probe.swift, +steps.swift and +legacy.swift.

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
    /// Asks for the list of suites, because `refusal` was said to all of ours.
    case listing(tries: Int, records: [UInt8], refusal: RMCPStatus)
    case challenging(LegacyTry)
    case activating(LegacyTry, GetSessionChallenge.Response)
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

  /// A login of IPMI 1.5.
  struct LegacyTry: Equatable {
    var authentication: LegacyAuthentication
    var rqSeq: UInt8 = 0
    var datagram: [UInt8] = []
    var tries = 0
  }

  let login: IPMILogin
  var patience: Patience
  var state = State.ready
  /// In the order in which they are tried.
  var suites: [CipherSuite]
  var suiteIndex = 0
  /// How many walks were given up because of silence.
  var lostTries = 0
  /// How often RAKP 3 was called wrong although RAKP 2 had been right.
  var denials = 0
  var tag: UInt8 = 0
  /// Asked for in RAKP 1, and in Open Session unless `openHighest` is among the quirks: some boards
  /// (Supermicro X8DT, Intel S5500WB, Dell C5220) compute their codes with Open Session's byte and
  /// others with RAKP 1's.
  var privilege: PrivilegeLevel
  /// To be asked for when `privilege` is refused.
  var otherPrivileges: [PrivilegeLevel]
  var quirks: Set<BMCQuirk>
  var capabilities: GetChannelAuthenticationCapabilities.Response?
  /// Something came back; until then the BMC may as well be dead.
  var hasAnswered = false
  /// The first question is left out: the BMC was well a while ago.
  let isKnown: Bool
  /// Why the suites before the present one were not taken.
  var sawFullTable = false
  var downgrade: AlgorithmNumbers?

  /// `privilege` is what the session is for, at most the login's; nil is the login's. `traits` are
  /// what an earlier session with this BMC learnt.
  package init(
    _ login: IPMILogin, patience: Patience = Patience(), privilege: PrivilegeLevel? = nil,
    traits: BMCTraits? = nil
  ) {
    self.login = login
    self.patience = patience
    self.privilege = min(privilege ?? login.privilege, login.privilege)
    otherPrivileges = [login.privilege, min(login.privilege, .operator)]
    quirks = login.quirks.union(traits?.quirks ?? [])
    let known = login.isPinned ? nil : traits?.suite
    suites = (known.map { [$0] } ?? []) + login.suites.filter { $0 != known }
    isKnown = traits != nil || login.quirks.contains(.noProbe)
  }

  var suite: CipherSuite { suites[suiteIndex] }

  /// What is worth remembering once a session is established.
  package var traits: BMCTraits {
    BMCTraits(suite: login.isPinned ? nil : suite, quirks: quirks.subtracting(login.quirks))
  }

  // MARK: Input

  package mutating func start(random: inout some RandomNumberGenerator) -> Effect {
    // A login of IPMI 1.5 needs what the BMC says about its ways to authenticate.
    isKnown && login.legacy == .never
      ? open(random: &random) : probe(tries: 0, extended: true)
  }

  package mutating func waitExpired(
    random: inout some RandomNumberGenerator
  ) -> Effect {
    switch state {
    case .probing(let tries, let extended):
      return tries < patience.probe.count
        ? probe(tries: tries, extended: extended) : fail(.noAnswer)
    case .opening where isKnown && !hasAnswered && !login.quirks.contains(.noProbe):
      // It is not as well as it was; the first question finds out sooner.
      return probe(tries: 1, extended: true)
    case .opening(var walk):
      return resend(&walk, .openSession, random: &random) { .opening($0) }
    case .proving(var walk, let bmcID):
      return resend(&walk, .rakp1, random: &random) { .proving($0, bmcID: bmcID) }
    case .confirming(var walk, let exchange, let keys):
      let goodbye = walk.isRepeated ? farewell(random: &random) : []
      return resend(&walk, .rakp3, random: &random) { .confirming($0, exchange, keys) }
        .preceded(by: goodbye)
    case .listing(let tries, let records, let refusal):
      // Many do not answer this question outside a session.
      return tries < 3
        ? list(tries: tries, records: records, refusal) : fail(.suitesRefused(suites, refusal))
    case .challenging(let walk):
      return resend(walk) { .challenging($0) }
    case .activating(let walk, let challenge):
      return resend(walk) { .activating($0, challenge) }
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
        hasAnswered = true
        return try receive(legacy: packet, random: &random)
      case .session(let packet):
        hasAnswered = true
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
    case .confirming(let walk, let exchange, let keys):
      // If it was RAKP 4 that got lost, the session is open.
      var session = session(walk, exchange, keys)
      return [session.close(random: &random)]
    default:
      // Without a RAKP 2 there is nothing that could be refused: pyghmi's BMC (VirtualBMC) ends when
      // it gets a RAKP 3 all the same, and a BMC forgets such a session in half a minute.
      return []
    }
  }

  // MARK: Ways on

  func session(_ walk: Try, _ exchange: KeyExchange, _ keys: SessionKeys) -> Session {
    Session(
      seal: PacketSeal(suite: suite, keys: keys, padsShort: quirks.contains(.shortPad)),
      consoleID: walk.consoleID, bmcID: exchange.bmcID, privilege: privilege, patience: patience)
  }

  var role: UInt8 { privilege.rawValue | (quirks.contains(.nameAndPrivilege) ? 0 : 0x10) }

  var wrongKey: IPMIError { login.kg == nil ? .needsKg : .wrongKg }

  mutating func send(
    _ payload: [UInt8], _ type: PayloadType, _ walk: inout Try, _ next: (Try) -> State
  ) -> Effect {
    walk.datagram = SessionPacket(payloadType: type, payload: payload).datagram
    walk.isRepeated = false
    state = next(walk)
    return .send([walk.datagram], wait: grown(patience.step[0]))
  }

  /// By half with each walk that was lost.
  private func grown(_ wait: Duration) -> Duration {
    (0..<lostTries).reduce(wait) { wait, _ in wait * 3 / 2 }
  }

  private mutating func resend(
    _ walk: inout Try, _ step: LoginStep, random: inout some RandomNumberGenerator,
    _ next: (Try) -> State
  ) -> Effect {
    guard !walk.isRepeated else { return retry(step, nil, random: &random) }
    walk.isRepeated = true
    walk.hadRepetition = true
    state = next(walk)
    // Most BMCs do not answer a second RAKP 3, so there is little to wait for.
    return .send([walk.datagram], wait: grown(patience.step[step == .rakp3 ? 0 : 1]))
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

  /// The next privilege that may be welcome; nil: there is none.
  mutating func lowerPrivilege() -> PrivilegeLevel? {
    while !otherPrivileges.isEmpty {
      let other = otherPrivileges.removeFirst()
      if other != privilege { return other }
    }
    return nil
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
    bytes.reserveCapacity(count + 7)
    while bytes.count < count {
      var word: UInt64 = next()
      for _ in 0..<8 {
        bytes.append(UInt8(truncatingIfNeeded: word))
        word >>= 8
      }
    }
    return Array(bytes.prefix(count))
  }
}
