/// BMCStub: a BMC of our own, with every cipher suite and with every bad habit that is known.

import Fixtures
package import IPMI
import Wire

/// A pure value: a datagram in, datagrams out. ipmitool and ipmipower take it for a BMC.
package struct StubBMC: Sendable {
  // What is not private is for the other files of StubBMC.

  struct Login {
    var suite: CipherSuite
    var consoleID: UInt32
    var role: UInt8 = 0
    var exchange: KeyExchange?
    var keys: SessionKeys?
    var seal: PacketSeal?
    var sequence: UInt32 = 0
    var window = SequenceWindow()
    var privilege = PrivilegeLevel.user
  }

  package var personality: Personality
  package var power: PowerState
  package var bootFlags = BootFlags(device: .none)
  /// Every power command that was carried out.
  package var actions: [ChassisControl.Action] = []
  /// Every in-session command that arrived, in order.
  package internal(set) var commands: [UInt8] = []
  /// Every datagram that arrived.
  package private(set) var datagramCount = 0
  var logins: [UInt32: Login] = [:]
  var legacyLogins: [UInt32: LegacyLogin] = [:]
  var serial: SerialEnd?
  /// What was written to the serial console.
  package internal(set) var serialInput: [UInt8] = []
  var random = SeededRandom(seed: 42)
  /// So many questions for the state are answered with "off" while a cycle is under way.
  var offAnswers = 0

  package init(_ personality: Personality = Personality(), power: PowerState = .on) {
    self.personality = personality
    self.power = power
  }

  /// Logged in, and not closed.
  package var openSessions: Int {
    logins.values.count { $0.seal != nil } + legacyLogins.values.count { $0.isActive }
  }
  /// Begun, and neither finished nor closed.
  package var halfOpenSessions: Int { logins.values.count { $0.seal == nil } }
  /// The console is switched on.
  package var hasSerialSession: Bool { serial != nil }

  package mutating func receive(_ datagram: [UInt8]) -> [[UInt8]] {
    datagramCount += 1
    return switch try? RMCPDatagram(parsing: datagram) {
    case .legacy(let packet): receive(legacy: packet)
    case .session(let packet): step(packet, datagram)
    case .other, nil: []
    }
  }

  // MARK: Login

  private mutating func step(_ packet: SessionPacket, _ datagram: [UInt8]) -> [[UInt8]] {
    guard personality.speaksRMCPPlus else { return [] }
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
    case .serialOverLAN:
      return serial(packet, datagram)
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
    if personality.wantsOpenHighest, request.privilege != 0 {
      return .refused(tag: request.tag, .invalidRole, consoleID: id)
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
    let length = personality.padsNames ? RAKP1.maximumNameLength : 0
    var name = Array(personality.username.utf8)
    name += [UInt8](repeating: 0, count: max(0, length - name.count))
    let looksByBoth = rakp1.role & 0x10 == 0
    let isKnown =
      rakp1.username == name && personality.looksUpByBoth.map { $0 == looksByBoth } ?? true
    guard isKnown else {
      return personality.isSilentForStrangers ? nil : refuse(.unauthorizedName)
    }
    guard let level = PrivilegeLevel(rawValue: rakp1.role & 0x0f),
      level <= personality.privilegeLimit
    else { return refuse(.unauthorizedRole) }
    // A repeated RAKP 1 draws a new random number, as on real BMCs.
    let exchange = KeyExchange(
      hash: login.suite.hash, consoleID: login.consoleID, bmcID: rakp1.bmcID,
      consoleRandom: rakp1.consoleRandom, bmcRandom: random.array(16),
      guid: Array(0x40..<0x50),
      role: personality.ignoresLookUpBit ? rakp1.role & 0x0f : rakp1.role,
      username: rakp1.username)
    let secret = Secret(personality.password)
    logins[rakp1.bmcID]?.role = rakp1.role
    logins[rakp1.bmcID]?.exchange = exchange
    logins[rakp1.bmcID]?.keys = exchange.keys(
      password: secret, kg: personality.kg.map { Secret($0) })
    var code = exchange.rakp2Code(password: secret)
    if personality.extraCodeBytes > 0 {
      code += [UInt8](repeating: 0xee, count: personality.extraCodeBytes)
    } else {
      code = code.dropLast(-personality.extraCodeBytes)
    }
    return .accepted(
      consoleID: login.consoleID, bmcRandom: exchange.bmcRandom, guid: exchange.guid, code: code)
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
    guard let answer = execute(request, packet.sessionID, login.privilege) else { return [] }
    login = logins[packet.sessionID] ?? login
    let answers = (0..<(personality.answersTwice ? 2 : 1)).map { _ in
      login.sequence += 1
      if logins[packet.sessionID] != nil { logins[packet.sessionID] = login }
      var payload = answer.payload
      if personality.checksumsAreWrong { payload[payload.count - 1] ^= 0x55 }
      let consoleID = personality.answersWithIDZero ? 0 : login.consoleID
      if personality.forgetsToSign {
        return SessionPacket(
          payloadType: .message, sessionID: consoleID, sequence: login.sequence, payload: payload
        ).datagram
      }
      return seal.seal(
        payload, sessionID: consoleID, sequence: login.sequence, iv: random.array(16))
    }
    return answers + greeting(after: request, packet.sessionID)
  }

  mutating func execute(
    _ request: LANRequest, _ bmcID: UInt32, _ privilege: PrivilegeLevel
  ) -> LANResponse? {
    if request.command == CloseSession.code {
      logins[bmcID] = nil
      legacyLogins[bmcID] = nil
      if serial?.bmcID == bmcID { serial = nil }
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
      personality.wantsPrivilegeSet = false
      logins[bmcID]?.privilege = command.level
      legacyLogins[bmcID]?.privilege = command.level
      return LANResponse(to: request, data: [command.level.rawValue])
    case _ where personality.wantsPrivilegeSet:
      return LANResponse(to: request, completionCode: .insufficientPrivilege)
    case (.app, GetDeviceID.code):
      return LANResponse(
        to: request, data: [0x20, 0x01, 0x01, 0x23, 0x02, 0x8f, 0x57, 0x01, 0, 0x49, 0])
    case (.app, GetChannelCipherSuites.code):
      return cipherSuites(request)
    case (.app, ActivatePayload.code), (.app, DeactivatePayload.code):
      return switchSerial(request, bmcID)
    case (.chassis, _):
      return chassis(request, privilege: privilege)
    default:
      break
    }
    return LANResponse(to: request, completionCode: .invalidCommand)
  }
}

extension CommandData {
  /// Nil when the bytes are malformed.
  package init?(_ data: [UInt8]) {
    var reader = ByteReader(data)
    do throws(WireError) {
      self = try Self(parsing: &reader)
    } catch {
      return nil
    }
  }
}
