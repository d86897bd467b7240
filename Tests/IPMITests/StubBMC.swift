/// IPMITests: a BMC of our own, with suites 3 and 17 and with every bad habit that is known.

import Fixtures
import IPMI
import Wire

/// A pure value: a datagram in, datagrams out. ipmitool and ipmipower take it for a BMC.
struct StubBMC {
  /// What is odd about this BMC.
  struct Personality {
    var suites: [CipherSuite] = [.suite3, .suite17]
    var username = "admin"
    var password = "20-byte-password-xxy"
    var kg: String?
    var privilegeLimit = PrivilegeLevel.administrator
    /// Answers suite 3 whatever was asked (pyghmi's BMC).
    var downgrades = false
    /// Errors of Open Session are two bytes long (ipmi_sim).
    var sendsShortErrors = false
    /// OpenBMC.
    var answersWithTagZero = false
    /// Unknown user: no answer (pyghmi's BMC).
    var isSilentForStrangers = false
    /// All sessions are taken.
    var tableIsFull = false
    /// Errors out on the bit of IPMI 2.0 in the first question.
    var refusesExtendedProbe = false
    /// Answers 0xd5 to cycle and reset when the machine is off, and says once that it is on.
    var wronglyOnOnce = false
    /// Accepts power commands and does nothing.
    var ignoresPower = false
    /// Which bits of boot flags byte 1 survive; ipmi_sim: none.
    var keptFlagBits: UInt8 = 0xff
    var forgetsBootDevice = false
    /// So many commands are answered with 0xc0 first.
    var busyTimes = 0
    /// Sends every answer of a session twice.
    var answersTwice = false
    var checksumsAreWrong = false
    /// Answers inside the session are not authenticated: a forger, or a very bad BMC.
    var forgetsToSign = false
    /// Does what a power command says, without answering it.
    var swallowsControlAnswers = false
  }

  private struct Login {
    var suite: CipherSuite
    var consoleID: UInt32
    var exchange: KeyExchange?
    var keys: SessionKeys?
    var seal: PacketSeal?
    var sequence: UInt32 = 0
    var window = SequenceWindow()
    var privilege = PrivilegeLevel.user
  }

  var personality: Personality
  var power: PowerState
  var bootFlags = BootFlags(device: .none)
  /// Every power command that was carried out.
  var actions: [ChassisControl.Action] = []
  /// Every in-session command that arrived, in order.
  private(set) var commands: [UInt8] = []
  private var logins: [UInt32: Login] = [:]
  private var random = SeededRandom(seed: 42)
  /// So many questions for the state are answered with "off" while a cycle is under way.
  var offAnswers = 0

  init(_ personality: Personality = Personality(), power: PowerState = .on) {
    self.personality = personality
    self.power = power
  }

  /// Logged in, and not closed.
  var openSessions: Int { logins.values.count { $0.seal != nil } }
  /// Begun, and neither finished nor closed.
  var halfOpenSessions: Int { logins.count - openSessions }

  mutating func receive(_ datagram: [UInt8]) -> [[UInt8]] {
    switch try? RMCPDatagram(parsing: datagram) {
    case .legacy(let packet): probe(packet)
    case .session(let packet): step(packet, datagram)
    case .other, nil: []
    }
  }

  // MARK: Login

  private func probe(_ packet: LegacyPacket) -> [[UInt8]] {
    guard let request = try? LANRequest(parsing: packet.payload),
      request.command == GetChannelAuthenticationCapabilities.code,
      let command = GetChannelAuthenticationCapabilities(request.data)
    else { return [] }
    if command.asksForExtended, personality.refusesExtendedProbe {
      return [sessionless(LANResponse(to: request, completionCode: .invalidField))]
    }
    let response = GetChannelAuthenticationCapabilities.Response(
      channel: 1, authenticationTypes: command.asksForExtended ? 0x80 : 0x04,
      status: personality.kg == nil ? 0x04 : 0x24, extended: command.asksForExtended ? 0x02 : 0)
    return [sessionless(LANResponse(to: request, data: response.bytes))]
  }

  private func sessionless(_ response: LANResponse) -> [UInt8] {
    LegacyPacket(sessionless: response.payload).datagram
  }

  private mutating func step(_ packet: SessionPacket, _ datagram: [UInt8]) -> [[UInt8]] {
    switch packet.payloadType {
    case .openSessionRequest:
      guard let request = try? OpenSessionRequest(parsing: packet.payload) else { return [] }
      return [reply(.openSessionResponse, open(request).payload)]
    case .rakp1:
      guard let rakp1 = try? RAKP1(parsing: packet.payload), let answer = prove(rakp1) else {
        return []
      }
      return [
        reply(.rakp2, answer.payload(tag: personality.answersWithTagZero ? 0 : rakp1.tag))
      ]
    case .rakp3:
      guard let rakp3 = try? RAKP3(parsing: packet.payload), let answer = confirm(rakp3) else {
        return []
      }
      return [reply(.rakp4, answer.payload)]
    case .message:
      return message(packet, datagram)
    default:
      return []
    }
  }

  private func reply(_ type: PayloadType, _ payload: [UInt8]) -> [UInt8] {
    SessionPacket(payloadType: type, payload: payload).datagram
  }

  private mutating func open(_ request: OpenSessionRequest) -> OpenSessionResponse {
    let id = personality.sendsShortErrors ? nil : request.consoleID
    if personality.tableIsFull {
      return .refused(tag: request.tag, .insufficientResources, consoleID: id)
    }
    let asked = CipherSuite(request.algorithms)
    let suite = personality.downgrades ? CipherSuite.suite3 : asked
    guard let suite, personality.suites.contains(suite) else {
      return .refused(tag: request.tag, .noMatchingSuite, consoleID: id)
    }
    let bmcID = UInt32(truncatingIfNeeded: random.next()) | 1
    logins[bmcID] = Login(suite: suite, consoleID: request.consoleID)
    return .accepted(
      tag: request.tag, privilege: request.privilege == 0 ? 4 : request.privilege,
      consoleID: request.consoleID, bmcID: bmcID, algorithms: suite.numbers)
  }

  private mutating func prove(_ rakp1: RAKP1) -> RAKP2? {
    guard let login = logins[rakp1.bmcID] else {
      return .refused(.invalidSessionID, consoleID: 0)
    }
    func refuse(_ status: RMCPStatus) -> RAKP2 {
      logins[rakp1.bmcID] = nil
      return .refused(status, consoleID: login.consoleID)
    }
    guard rakp1.username == Array(personality.username.utf8) else {
      return personality.isSilentForStrangers ? nil : refuse(.unauthorizedName)
    }
    guard let level = PrivilegeLevel(rawValue: rakp1.role & 0x0f),
      level <= personality.privilegeLimit
    else { return refuse(.unauthorizedRole) }
    // A repeated RAKP 1 draws a new random number, as on real BMCs.
    let exchange = KeyExchange(
      hash: login.suite.hash, consoleID: login.consoleID, bmcID: rakp1.bmcID,
      consoleRandom: rakp1.consoleRandom, bmcRandom: random.array(16),
      guid: Array(0x40..<0x50), role: rakp1.role, username: rakp1.username)
    let secret = Secret(personality.password)
    logins[rakp1.bmcID]?.exchange = exchange
    logins[rakp1.bmcID]?.keys = exchange.keys(
      password: secret, kg: personality.kg.map { Secret($0) })
    return .accepted(
      consoleID: login.consoleID, bmcRandom: exchange.bmcRandom, guid: exchange.guid,
      code: exchange.rakp2Code(password: secret))
  }

  private mutating func confirm(_ rakp3: RAKP3) -> RAKP4? {
    guard let login = logins[rakp3.bmcID], let exchange = login.exchange, let keys = login.keys
    else { return nil }
    guard rakp3.status == .ok else {
      logins[rakp3.bmcID] = nil
      return nil
    }
    // Like ipmi_sim: a repetition is answered with nothing that the client could use.
    guard login.seal == nil else { return nil }
    guard rakp3.code == exchange.rakp3Code(password: Secret(personality.password)) else {
      logins[rakp3.bmcID] = nil
      return RAKP4(
        tag: rakp3.tag, status: .invalidIntegrityValue, consoleID: login.consoleID, checkValue: [])
    }
    logins[rakp3.bmcID]?.seal = PacketSeal(suite: login.suite, keys: keys)
    return RAKP4(
      tag: rakp3.tag, status: .ok, consoleID: login.consoleID,
      checkValue: exchange.rakp4CheckValue(keys))
  }

  // MARK: Session

  private mutating func message(_ packet: SessionPacket, _ datagram: [UInt8]) -> [[UInt8]] {
    guard var login = logins[packet.sessionID], let seal = login.seal,
      let opened = try? seal.open(packet, datagram: datagram),
      login.window.accept(opened.sequence),
      let request = try? LANRequest(parsing: opened.payload)
    else { return [] }
    logins[packet.sessionID] = login
    commands.append(request.command)
    guard let answer = execute(request, packet.sessionID) else { return [] }
    login = logins[packet.sessionID] ?? login
    return (0..<(personality.answersTwice ? 2 : 1)).map { _ in
      login.sequence += 1
      if logins[packet.sessionID] != nil { logins[packet.sessionID] = login }
      var payload = answer.payload
      if personality.checksumsAreWrong { payload[payload.count - 1] ^= 0x55 }
      if personality.forgetsToSign {
        return SessionPacket(
          payloadType: .message, sessionID: login.consoleID, sequence: login.sequence,
          payload: payload
        ).datagram
      }
      return seal.seal(
        payload, sessionID: login.consoleID, sequence: login.sequence, iv: random.array(16))
    }
  }

  private mutating func execute(_ request: LANRequest, _ bmcID: UInt32) -> LANResponse? {
    if request.command == CloseSession.code {
      logins[bmcID] = nil
      return LANResponse(to: request)
    }
    if personality.busyTimes > 0 {
      personality.busyTimes -= 1
      return LANResponse(to: request, completionCode: .nodeBusy)
    }
    switch (request.networkFunction, request.command) {
    case (.app, SetSessionPrivilegeLevel.code):
      guard let command = SetSessionPrivilegeLevel(request.data) else { break }
      guard command.level <= personality.privilegeLimit else {
        return LANResponse(to: request, completionCode: CompletionCode(rawValue: 0x81))
      }
      logins[bmcID]?.privilege = command.level
      return LANResponse(to: request, data: [command.level.rawValue])
    case (.app, GetDeviceID.code):
      return LANResponse(
        to: request, data: [0x20, 0x01, 0x01, 0x23, 0x02, 0x8f, 0x57, 0x01, 0, 0x49, 0])
    case (.chassis, _):
      return chassis(request, privilege: logins[bmcID]?.privilege ?? .user)
    default:
      break
    }
    return LANResponse(to: request, completionCode: .invalidCommand)
  }
}

extension CommandData {
  /// Nil when the bytes are malformed.
  init?(_ data: [UInt8]) {
    var reader = ByteReader(data)
    do throws(WireError) {
      self = try Self(parsing: &reader)
    } catch {
      return nil
    }
  }
}
