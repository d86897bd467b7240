/// IPMI: the questions of a login that need no session: is somebody there, and with which suites.

import Wire

extension Handshake {
  mutating func probe(tries: Int, extended: Bool) -> Effect {
    state = .probing(tries: tries + 1, extended: extended)
    let wait = patience.probe[min(tries, patience.probe.count - 1)]
    return .send(
      [
        // The number says which try was answered.
        sessionless(
          GetChannelAuthenticationCapabilities(asksForExtended: extended, privilege: privilege),
          rqSeq: UInt8(truncatingIfNeeded: tries))
      ],
      wait: wait)
  }

  func sessionless(_ command: some IPMICommand, rqSeq: UInt8 = 0) -> [UInt8] {
    let request = command.request
    let message = LANRequest(
      networkFunction: request.networkFunction, rqSeq: rqSeq, command: request.command,
      data: request.data)
    return LegacyPacket(sessionless: message.payload).datagram
  }

  mutating func receive(
    legacy packet: LegacyPacket, random: inout some RandomNumberGenerator
  ) throws(WireError) -> Effect {
    let response = try LANResponse(parsing: packet.payload)
    guard response.networkFunction == NetworkFunction.app.response else {
      return .ignore("an answer to something else")
    }
    switch (state, response.command) {
    case (.probing(let tries, let extended), GetChannelAuthenticationCapabilities.code):
      return try probed(response, tries, extended, random: &random)
    case (.listing(_, let records, let refusal), GetChannelCipherSuites.code):
      return try listed(response, records, refusal, random: &random)
    case (.challenging(let walk), GetSessionChallenge.code):
      return try challenged(response, walk, random: &random)
    case (.activating(let walk, let challenge), ActivateSession.code):
      return try activated(response, packet, walk, challenge)
    default:
      return .ignore("an answer to something else")
    }
  }

  private mutating func probed(
    _ response: LANResponse, _ tries: Int, _ extended: Bool,
    random: inout some RandomNumberGenerator
  ) throws(WireError) -> Effect {
    if response.completionCode == .ok {
      var reader = ByteReader(response.data)
      capabilities = try GetChannelAuthenticationCapabilities.Response(parsing: &reader)
    } else if extended {
      // Some BMCs of IPMI 1.5 times answer 0xcc to the bit of 2.0.
      return probe(tries: tries - 1, extended: false)
    }
    // What has passed since that try; a BMC that does not return numbers answered the first one.
    let answered = Int(response.rqSeq) < tries ? Int(response.rqSeq) : 0
    if tries > 1 {
      let passed = patience.probe.prefix(tries).dropFirst(answered).reduce(.zero, +)
      patience = patience.slowed(to: passed)
    }
    switch login.legacy {
    case .only(let authentication):
      return challenge(authentication)
    case .whereNothingElse where capabilities.map({ !$0.speaksRMCPPlus }) ?? false:
      let offered = capabilities?.authenticationTypes ?? 0
      guard let best = LegacyAuthentication.automatic.first(where: { offered & $0.bit != 0 }) else {
        return fail(.noLegacyAuthentication(offered: offered))
      }
      return challenge(best)
    case .whereNothingElse, .never:
      return open(random: &random)
    }
  }

  // MARK: Suites

  /// The next suite, or the question which ones there are; `refusal` is what ended the last one.
  mutating func nextSuite(
    _ refusal: RMCPStatus, random: inout some RandomNumberGenerator
  ) -> Effect {
    if suiteIndex + 1 < suites.count {
      suiteIndex += 1
      return open(random: &random)
    }
    if let downgrade { return fail(.downgraded(asked: suites[0], offered: downgrade)) }
    if sawFullTable { return fail(.sessionTableFull) }
    guard !login.isPinned, Set(suites).isSubset(of: CipherSuite.automatic) else {
      return fail(.suitesRefused(suites, refusal))
    }
    return list(tries: 0, records: [], refusal)
  }

  /// In the format of IPMI 1.5, which the simulators answer too.
  mutating func list(tries: Int, records: [UInt8], _ refusal: RMCPStatus) -> Effect {
    state = .listing(tries: tries + 1, records: records, refusal: refusal)
    let index = UInt8(truncatingIfNeeded: records.count / GetChannelCipherSuites.pieceLength)
    return .send(
      [sessionless(GetChannelCipherSuites(index: index), rqSeq: index)],
      wait: patience.probe[min(tries, patience.probe.count - 1)])
  }

  private mutating func listed(
    _ response: LANResponse, _ records: [UInt8], _ refusal: RMCPStatus,
    random: inout some RandomNumberGenerator
  ) throws(WireError) -> Effect {
    let length = GetChannelCipherSuites.pieceLength
    guard Int(response.rqSeq) == records.count / length else { return .ignore("an earlier piece") }
    guard response.completionCode == .ok else { return fail(.suitesRefused(suites, refusal)) }
    var reader = ByteReader(response.data)
    let piece = try GetChannelCipherSuites.Response(parsing: &reader).records.prefix(length)
    let records = records + piece
    // Sixty-four pieces are all that the field can number; no BMC has more than three.
    if piece.count == length, records.count < 64 * length {
      return list(tries: 0, records: records, refusal)
    }
    let numbers = CipherSuite.numbers(inRecords: records)
    let found = CipherSuite.listed.filter { numbers.contains($0.id) && !suites.contains($0) }
    guard !found.isEmpty else {
      return fail(.noCommonSuite(listed: Array(Set(numbers)).sorted()))
    }
    suites += found
    suiteIndex += 1
    return open(random: &random)
  }
}
