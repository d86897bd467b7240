/// IPMITests: a client's state machines and a stub BMC, joined without sockets and without time.

import BMCStub
import Fixtures
import IPMI

/// Runs the effects of `Handshake` and `Session` against a `StubBMC`; waits cost no time, but are
/// added up.
actor VirtualLink: CommandExchange {
  private(set) var bmc: StubBMC
  private(set) var elapsed = Duration.zero
  private(set) var session: Session?
  /// What the last login learnt.
  private(set) var traits: BMCTraits?
  private var privilege = SessionPrivilege(ceiling: .administrator)
  private(set) var sentCount = 0
  private var weather: Weather
  private var random: SeededRandom
  /// On the way to the client.
  private var inbox: [[UInt8]] = []
  /// Arrives after the next wait.
  private var held: [[UInt8]] = []

  init(_ bmc: StubBMC, weather: Weather = Weather(), seed: UInt64 = 7) {
    self.bmc = bmc
    self.weather = weather
    random = SeededRandom(seed: seed)
  }

  /// Logs in as `BMCSession` does.
  func open(_ login: IPMILogin, for need: PrivilegeLevel? = nil) async throws(IPMIError) {
    var handshake = Handshake(login, privilege: need, traits: traits)
    var effect = handshake.start(random: &random)
    while true {
      switch effect {
      case .send(let datagrams, let wait):
        datagrams.forEach(transmit)
        effect = .ignore("")
        while case .ignore = effect {
          if inbox.isEmpty {
            expire(wait)
            effect = handshake.waitExpired(random: &random)
          } else {
            effect = handshake.receive(inbox.removeFirst(), random: &random)
          }
        }
      case .established(let session):
        self.session = session
        traits = handshake.traits
        privilege = SessionPrivilege(ceiling: session.privilege)
        return
      case .failed(let error, let farewell):
        farewell.forEach(transmit)
        throw error
      case .ignore:
        return
      }
    }
  }

  /// Raises the privilege as `BMCSession` does.
  func exchange(_ request: CommandRequest) async throws(IPMIError) -> Answer {
    if let level = privilege.level(before: request) { try raise(to: level) }
    let answer = try send(request)
    guard case .completed(let code, _) = answer,
      let level = privilege.level(afterRefusal: code)
    else { return answer }
    try raise(to: level)
    return try send(request)
  }

  private func raise(to level: PrivilegeLevel) throws(IPMIError) {
    guard try send(SetSessionPrivilegeLevel(level).request) == .completed(.ok, [level.rawValue])
    else { throw .privilegeRefused(level) }
    privilege.raised(to: level)
  }

  private func send(_ request: CommandRequest) throws(IPMIError) -> Answer {
    guard var session else { throw .noAnswer }
    defer { self.session = session }
    var effect = session.begin(request, random: &random)
    while true {
      switch effect {
      case .send(let datagram, let wait):
        transmit(datagram)
        effect = next(&session, wait)
      case .wait(let duration):
        expire(duration)
        effect = session.waitExpired(random: &random)
      case .answered(let code, let data):
        return .completed(code, data)
      case .unanswered, .ignore, .serial:
        return .unanswered
      }
    }
  }

  func pause(_ duration: Duration) {
    expire(duration)
  }

  func close() {
    guard var session else { return }
    transmit(session.close(random: &random))
    self.session = session
  }

  private func next(_ session: inout Session, _ wait: Duration) -> Session.Effect {
    var effect = Session.Effect.ignore("")
    while case .ignore = effect {
      if inbox.isEmpty {
        expire(wait)
        effect = session.waitExpired(random: &random)
      } else {
        effect = session.receive(inbox.removeFirst())
      }
    }
    return effect
  }

  private func expire(_ wait: Duration) {
    elapsed += wait
    inbox += held
    held = []
  }

  private func transmit(_ datagram: [UInt8]) {
    sentCount += 1
    let copies: Int
    switch weather.fate(.toBMC) {
    case .lost: copies = 0
    case .arrivesTwice: copies = 2
    case .arrives, .late, .overtaken: copies = 1
    }
    for _ in 0..<copies {
      for answer in bmc.receive(datagram) { deliver(answer) }
    }
  }

  private func deliver(_ answer: [UInt8]) {
    switch weather.fate(.toClient) {
    case .arrives: inbox.append(answer)
    case .lost: break
    case .arrivesTwice: inbox += [answer, answer]
    case .late: held.append(answer)
    case .overtaken: inbox.insert(answer, at: max(0, inbox.count - 1))
    }
  }
}

/// A link that is logged in, to a BMC with these oddities.
func link(
  _ change: (inout StubBMC.Personality) -> Void = { _ in }, power: PowerState = .on,
  weather: Weather = Weather()
) async throws -> VirtualLink {
  var personality = StubBMC.Personality()
  change(&personality)
  let link = VirtualLink(StubBMC(personality, power: power), weather: weather)
  try await link.open(.test())
  return link
}
