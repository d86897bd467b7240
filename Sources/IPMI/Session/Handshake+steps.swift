/// IPMI: what each answer of a BMC means for the login.

import Wire

extension Handshake {
  mutating func open(random: inout some RandomNumberGenerator) -> Effect {
    tag = tag == 0xff ? 1 : tag + 1
    var walk = Try(
      consoleID: UInt32(truncatingIfNeeded: random.next()) | 1,
      consoleRandom: random.bytes(16))
    let request = OpenSessionRequest(
      tag: tag, privilege: quirks.contains(.openHighest) ? 0 : privilege.rawValue,
      consoleID: walk.consoleID, algorithms: suite.numbers)
    return send(request.payload, .openSessionRequest, &walk) { .opening($0) }
  }

  mutating func receive(
    step packet: SessionPacket, random: inout some RandomNumberGenerator
  ) throws(WireError) -> Effect {
    guard !packet.isAuthenticated, !packet.isEncrypted, packet.sessionID == 0 else {
      return .ignore("a packet of some session")
    }
    switch (state, packet.payloadType) {
    case (.opening(let walk), .openSessionResponse):
      return opened(try OpenSessionResponse(parsing: packet.payload), walk, random: &random)
    case (.proving(let walk, let bmcID), .rakp2):
      return proved(try RAKP2(parsing: packet.payload), walk, bmcID, random: &random)
    case (.confirming(let walk, let exchange, let keys), .rakp4):
      return confirmed(try RAKP4(parsing: packet.payload), walk, exchange, keys, random: &random)
    default:
      return .ignore("payload type \(packet.payloadType.rawValue) is not awaited now")
    }
  }

  private mutating func opened(
    _ response: OpenSessionResponse, _ walk: Try, random: inout some RandomNumberGenerator
  ) -> Effect {
    switch response {
    case .refused(let tag, let status, let consoleID):
      // Without an id the tag decides; 0 is taken for "a BMC that does not return tags" (OpenBMC).
      guard consoleID == walk.consoleID || (consoleID == nil && (tag == self.tag || tag == 0))
      else { return .ignore("an answer to an earlier Open Session") }
      if status == .invalidRole || status == .unauthorizedRole {
        // One early Tyan accepts only "the highest"; others mean the privilege itself.
        guard quirks.insert(.openHighest).inserted else {
          return fail(.privilegeRefused(privilege))
        }
        return open(random: &random)
      }
      guard status.refusesSuite else { return fail(.loginRefused(step: .openSession, status)) }
      sawFullTable = sawFullTable || status == .insufficientResources
      return nextSuite(status, random: &random)
    case .accepted(_, _, let consoleID, let bmcID, let numbers):
      guard consoleID == walk.consoleID else {
        return .ignore("an answer to an earlier Open Session")
      }
      guard numbers == suite.numbers else {
        downgrade = numbers
        return nextSuite(.noMatchingSuite, random: &random)
      }
      let rakp1 = RAKP1(
        tag: tag, bmcID: bmcID, consoleRandom: walk.consoleRandom, role: role, username: username,
        isFull: quirks.contains(.fullRAKP1))
      var walk = walk
      return send(rakp1.payload, .rakp1, &walk) { .proving($0, bmcID: bmcID) }
    }
  }

  private mutating func proved(
    _ response: RAKP2, _ walk: Try, _ bmcID: UInt32, random: inout some RandomNumberGenerator
  ) -> Effect {
    switch response {
    case .refused(let status, let consoleID):
      guard consoleID == walk.consoleID else { return .ignore("a RAKP 2 of an earlier attempt") }
      switch status {
      case .unauthorizedName:
        // Intel SE7520AF2 knows a user only together with the privilege; OpenBMC only without it.
        guard quirks.insert(.nameAndPrivilege).inserted else { return fail(.wrongUsername) }
        return open(random: &random)
      case .invalidRole, .unauthorizedRole:
        guard let other = lowerPrivilege() else { return fail(.privilegeRefused(privilege)) }
        privilege = other
        return open(random: &random)
      case .insufficientResources, .noResourcesForRole:
        return fail(.sessionTableFull)
      case .invalidSessionID, .inactiveSession:
        return retry(.rakp1, status, random: &random)
      default:
        return fail(.loginRefused(step: .rakp1, status))
      }
    case .accepted(let consoleID, let bmcRandom, let guid, let code):
      guard consoleID == walk.consoleID else { return .ignore("a RAKP 2 of an earlier attempt") }
      let exchange = KeyExchange(
        hash: suite.hash, consoleID: walk.consoleID, bmcID: bmcID,
        consoleRandom: walk.consoleRandom, bmcRandom: bmcRandom, guid: guid,
        role: quirks.contains(.fullRAKP1) ? role & 0x0f : role, username: username)
      guard isRight(code, exchange.rakp2Code(password: login.password)) else {
        // Told, the BMC frees the session at once instead of in half a minute.
        let refusal = RAKP3(tag: tag, status: .invalidIntegrityValue, bmcID: bmcID, code: [])
        return fail(
          .wrongPassword,
          farewell: [SessionPacket(payloadType: .rakp3, payload: refusal.payload).datagram])
      }
      let rakp3 = RAKP3(
        tag: tag, status: .ok, bmcID: bmcID, code: exchange.rakp3Code(password: login.password))
      let keys = exchange.keys(password: login.password, kg: login.kg)
      var walk = walk
      return send(rakp3.payload, .rakp3, &walk) { .confirming($0, exchange, keys) }
    }
  }

  private mutating func confirmed(
    _ response: RAKP4, _ walk: Try, _ exchange: KeyExchange, _ keys: SessionKeys,
    random: inout some RandomNumberGenerator
  ) -> Effect {
    guard response.consoleID == walk.consoleID else {
      return .ignore("a RAKP 4 of an earlier attempt")
    }
    switch response.status {
    case .ok:
      let length = quirks.contains(.paddedName) ? suite.integrity.codeLength : nil
      let checkValue = exchange.rakp4CheckValue(keys, length: length)
      guard isRight(response.checkValue, checkValue) else { return fail(wrongKey) }
      state = .over
      return .established(session(walk, exchange, keys))
    case .insufficientResources:
      return fail(.sessionTableFull)
    case .invalidSessionID, .inactiveSession:
      return retry(.rakp3, response.status, random: &random)
    case .invalidIntegrityValue:
      // The password was right (RAKP 2). If RAKP 1 arrived twice, sent again by us or doubled by the
      // network, the BMC drew a second random number and our code answers the first one: one more
      // walk tells that from a K_g, without the row of failures that locks users out.
      denials += 1
      return walk.hadRepetition || denials < 2
        ? retry(.rakp3, response.status, random: &random) : fail(wrongKey)
    default:
      return fail(.loginRefused(step: .rakp3, response.status))
    }
  }

  /// As it stands in RAKP 1 and in the formulas.
  private var username: [UInt8] {
    quirks.contains(.paddedName)
      ? login.username
        + [UInt8](repeating: 0, count: RAKP1.maximumNameLength - login.username.count)
      : login.username
  }

  /// Folklore: boards of Supermicro's Peppercon times send a byte too many or too few (FreeIPMI's
  /// `supermicro20`), and with suite 0 some send a code although there is none. All that is there
  /// must be right.
  private func isRight(_ code: [UInt8], _ expected: [UInt8]) -> Bool {
    guard !expected.isEmpty else { return true }
    guard abs(code.count - expected.count) <= 1 else { return false }
    let length = min(code.count, expected.count)
    return constantTimeEqual(code.prefix(length), expected.prefix(length))
  }
}
