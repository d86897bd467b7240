/// IPMITests: commands in a session, without a socket.

import BMCStub
import Fixtures
import IPMI
import Testing
import Wire

/// Both ends of a session.
struct SessionEnds {
  let seal: PacketSeal
  var session: Session
  var random = SeededRandom(seed: 9)
  var sequence: UInt32 = 0
  static let consoleID: UInt32 = 0x0101
  static let bmcID: UInt32 = 0x0202

  init(_ suite: CipherSuite = .suite17) {
    let bytes = Array(UInt8(0)..<16)
    let exchange = KeyExchange(
      hash: suite.hash, consoleID: Self.consoleID, bmcID: Self.bmcID, consoleRandom: bytes,
      bmcRandom: bytes, guid: bytes, role: 0x14, username: [])
    seal = PacketSeal(suite: suite, keys: exchange.keys(password: Secret("secret"), kg: nil))
    session = Session(
      seal: seal, consoleID: Self.consoleID, bmcID: Self.bmcID, privilege: .administrator)
  }

  mutating func begin<Command: IPMICommand>(_ command: Command) -> Session.Effect {
    session.begin(command.request, random: &random)
  }

  mutating func expire() -> Session.Effect {
    session.waitExpired(random: &random)
  }

  /// What the client sent, as the BMC reads it.
  func read(_ effect: Session.Effect) throws -> (sequence: UInt32, request: LANRequest) {
    guard case .send(let datagram, _) = effect,
      case .session(let packet) = try RMCPDatagram(parsing: datagram)
    else { throw IPMIError.noAnswer }
    let opened = try seal.open(packet, datagram: datagram)
    return (opened.sequence, try LANRequest(parsing: opened.payload))
  }

  mutating func answer(_ request: LANRequest, _ code: CompletionCode = .ok, _ data: [UInt8] = [])
    -> [UInt8]
  {
    sequence += 1
    return seal.seal(
      LANResponse(to: request, completionCode: code, data: data).payload,
      sessionID: Self.consoleID, sequence: sequence, iv: random.array(16))
  }
}

struct SessionTests {
  @Test(arguments: CipherSuite.all)
  func aCommandIsAnswered(_ suite: CipherSuite) throws {
    var ends = SessionEnds(suite)
    let (sequence, request) = try ends.read(ends.begin(GetChassisStatus()))
    #expect(sequence == 1)
    #expect(request.rqSeq == 1)
    let answer = ends.answer(request, .ok, [1, 0, 0])
    #expect(ends.session.receive(answer) == .answered(.ok, [1, 0, 0]))
    let (next, second) = try ends.read(ends.begin(GetChassisStatus()))
    #expect(next == 2)
    #expect(second.rqSeq == 2)
  }

  @Test func anIdempotentCommandIsResentWithTheSameNumber() throws {
    var ends = SessionEnds()
    let (_, first) = try ends.read(ends.begin(GetChassisStatus()))
    let (sequence, second) = try ends.read(ends.expire())
    #expect(second == first)
    #expect(sequence == 2)
    for _ in 0..<3 { _ = try ends.read(ends.expire()) }
    #expect(ends.expire() == .unanswered)
  }

  @Test func chassisControlIsNeverResent() throws {
    var ends = SessionEnds()
    guard case .send(_, let wait) = ends.begin(ChassisControl(.powerCycle)) else {
      Issue.record("not sent")
      return
    }
    #expect(wait == .seconds(5))
    #expect(ends.expire() == .unanswered)
  }

  @Test func aBusyBMCIsAskedAgainLater() throws {
    var ends = SessionEnds()
    let (_, request) = try ends.read(ends.begin(ChassisControl(.powerUp)))
    let busy = ends.answer(request, .nodeBusy)
    #expect(ends.session.receive(busy) == .wait(.milliseconds(300)))
    let (_, again) = try ends.read(ends.expire())
    #expect(again.rqSeq == 2)
    let answer = ends.answer(again)
    #expect(ends.session.receive(answer) == .answered(.ok, []))
  }

  @Test func aBMCThatStaysBusyIsBelieved() throws {
    var ends = SessionEnds()
    var effect = ends.begin(GetChassisStatus())
    for _ in 0..<3 {
      let (_, request) = try ends.read(effect)
      _ = ends.session.receive(ends.answer(request, .nodeBusy))
      effect = ends.expire()
    }
    let (_, request) = try ends.read(effect)
    let answer = ends.answer(request, .nodeBusy)
    #expect(ends.session.receive(answer) == .answered(.nodeBusy, []))
  }

  /// The BMC timed out in the middle of its work: a power command may have been carried out.
  @Test func aTimeoutOfTheBMCDoesNotRepeatAPowerCommand() throws {
    var ends = SessionEnds()
    let (_, request) = try ends.read(ends.begin(ChassisControl(.powerCycle)))
    let answer = ends.answer(request, .timeout)
    #expect(ends.session.receive(answer) == .answered(.timeout, []))
  }

  @Test func whatIsNotTheAnswerIsIgnored() throws {
    var ends = SessionEnds()
    let (_, request) = try ends.read(ends.begin(GetChassisStatus()))
    let good = ends.answer(request, .ok, [1, 0, 0])
    func expectIgnored(_ datagram: [UInt8], _ what: Comment) {
      guard case .ignore = ends.session.receive(datagram) else {
        Issue.record(what)
        return
      }
    }
    for index in good.indices {
      var forged = good
      forged[index] ^= 0x10
      // The first four bytes are RMCP's and not signed; three of them nobody reads.
      if ![1, 2].contains(index) { expectIgnored(forged, "byte \(index)") }
    }
    expectIgnored(
      SessionPacket(
        payloadType: .message, sessionID: SessionEnds.consoleID, sequence: 5,
        payload: LANResponse(to: request, data: [1, 0, 0]).payload
      ).datagram, "not authenticated")
    expectIgnored(
      SessionEnds(.suite3).seal.seal([1], sessionID: 1, sequence: 1, iv: []), "other keys")
    var earlier = request
    earlier.rqSeq = 9
    expectIgnored(ends.answer(earlier, .ok, [1, 0, 0]), "another command's answer")
    expectIgnored(ends.answer(request, .duplicateRequest), "the BMC saw a repetition")
    #expect(ends.session.receive(good) == .answered(.ok, [1, 0, 0]))
    expectIgnored(good, "seen before")
  }

  @Test func wrongChecksumsCountOnlyWithoutAuthentication() throws {
    for suite in [CipherSuite.suite0, .suite15, .suite16] {
      var ends = SessionEnds(suite)
      let (_, request) = try ends.read(ends.begin(GetChassisStatus()))
      var payload = LANResponse(to: request, data: [1, 0, 0]).payload
      payload[payload.count - 1] ^= 1
      let answer = ends.seal.seal(
        payload, sessionID: SessionEnds.consoleID, sequence: 1, iv: [])
      let effect = ends.session.receive(answer)
      #expect(
        effect == (suite.authenticates ? .answered(.ok, [1, 0, 0]) : .ignore("wrong checksum")))
    }
  }

  @Test func mutatedPacketsNeverTrap() throws {
    var random = SeededRandom(seed: 6)
    for suite in CipherSuite.all {
      var ends = SessionEnds(suite)
      let (_, request) = try ends.read(ends.begin(GetChassisStatus()))
      let answer = ends.answer(request, .ok, [1, 0, 0])
      for _ in 0..<2_000 {
        var copy = ends.session
        _ = copy.receive(mutate(answer, &random))
      }
    }
  }
}
