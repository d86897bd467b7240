/// BMCStub: what travels in the packets of IPMI 1.5: the first questions, and whole sessions.

import Fixtures
import IPMI
import Wire

extension StubBMC {
  struct LegacyLogin {
    var authentication: LegacyAuthentication
    var challenge: [UInt8]
    var isActive = false
    var sequence: UInt32 = 0
    var window = SequenceWindow()
    var privilege = PrivilegeLevel.user
  }

  mutating func receive(legacy packet: LegacyPacket) -> [[UInt8]] {
    guard let request = try? LANRequest(parsing: packet.payload) else { return [] }
    if packet.sessionID != 0 { return session(packet, request) }
    switch request.command {
    case GetChannelAuthenticationCapabilities.code:
      return probe(request).map { [sessionless($0)] } ?? []
    case GetChannelCipherSuites.code where personality.listsSuites:
      return [sessionless(cipherSuites(request))]
    case GetSessionChallenge.code:
      return [sessionless(challenge(request))]
    default:
      return []
    }
  }

  private func probe(_ request: LANRequest) -> LANResponse? {
    guard let command = GetChannelAuthenticationCapabilities(request.data) else { return nil }
    if command.asksForExtended, personality.refusesExtendedProbe {
      return LANResponse(to: request, completionCode: .invalidField)
    }
    let isExtended = command.asksForExtended && personality.speaksRMCPPlus
    let types = personality.legacy.reduce(0 as UInt8) { $0 | $1.bit }
    let response = GetChannelAuthenticationCapabilities.Response(
      channel: 1, authenticationTypes: types | (isExtended ? 0x80 : 0),
      status: (personality.kg == nil ? 0x04 : 0x24) | (personality.signsOnlyLogin ? 0x10 : 0),
      extended: isExtended ? 0x02 | (personality.legacy.isEmpty ? 0 : 0x01) : 0)
    return LANResponse(to: request, data: response.bytes)
  }

  func cipherSuites(_ request: LANRequest) -> LANResponse {
    guard let command = GetChannelCipherSuites(request.data) else {
      return LANResponse(to: request, completionCode: .dataLengthInvalid)
    }
    let records = personality.suites.flatMap(\.record)
      .dropFirst(Int(command.index) * GetChannelCipherSuites.pieceLength)
    let response = GetChannelCipherSuites.Response(
      channel: 1, records: Array(records.prefix(GetChannelCipherSuites.pieceLength)))
    return LANResponse(to: request, data: response.bytes)
  }

  private func sessionless(_ response: LANResponse) -> [UInt8] {
    LegacyPacket(sessionless: response.payload).datagram
  }

  private mutating func challenge(_ request: LANRequest) -> LANResponse {
    guard let command = GetSessionChallenge(request.data),
      let authentication = LegacyAuthentication(rawValue: command.authenticationType),
      personality.legacy.contains(authentication)
    else { return LANResponse(to: request, completionCode: .invalidField) }
    guard command.username == Array(personality.username.utf8) else {
      return LANResponse(to: request, completionCode: CompletionCode(rawValue: 0x81))
    }
    let id = UInt32(truncatingIfNeeded: random.next()) | 1
    let login = LegacyLogin(authentication: authentication, challenge: random.array(16))
    legacyLogins[id] = login
    return LANResponse(
      to: request,
      data: GetSessionChallenge.Response(temporaryID: id, challenge: login.challenge).bytes)
  }

  private func seal(_ login: LegacyLogin) -> LegacySeal {
    LegacySeal(
      authentication: login.authentication,
      perMessage: login.isActive && personality.signsOnlyLogin ? .none : login.authentication,
      password: Secret(personality.password))
  }

  private mutating func session(_ packet: LegacyPacket, _ request: LANRequest) -> [[UInt8]] {
    guard var login = legacyLogins[packet.sessionID], seal(login).accepts(packet) else {
      return []
    }
    let answer: LANResponse?
    if !login.isActive {
      guard request.command == ActivateSession.code, let command = ActivateSession(request.data),
        command.challenge == login.challenge, command.privilege <= personality.privilegeLimit
      else { return [] }
      login.sequence = command.outboundSequence
      let response = ActivateSession.Response(
        authenticationType: personality.signsOnlyLogin ? 0 : login.authentication.rawValue,
        sessionID: packet.sessionID, inboundSequence: 77,
        privilege: command.privilege.rawValue)
      answer = LANResponse(to: request, data: response.bytes)
      let signed = seal(login)
      login.isActive = true
      legacyLogins[packet.sessionID] = login
      return answer.map {
        [signed.seal($0.payload, sessionID: packet.sessionID, sequence: login.sequence).datagram]
      } ?? []
    }
    guard packet.sequence >= 77, login.window.accept(packet.sequence) else { return [] }
    login.sequence += 1
    legacyLogins[packet.sessionID] = login
    commands.append(request.command)
    guard let response = execute(request, packet.sessionID, login.privilege) else { return [] }
    return [
      seal(login).seal(
        response.payload, sessionID: packet.sessionID, sequence: login.sequence
      ).datagram
    ]
  }
}
