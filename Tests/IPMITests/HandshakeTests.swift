/// IPMITests: the login, step by step, without a socket.

import BMCStub
import Fixtures
import IPMI
import Testing
import Wire

/// A login at a stub, driven by hand.
private struct Scene {
  var bmc: StubBMC
  var handshake: Handshake
  var random = SeededRandom(seed: 3)
  var effect: Handshake.Effect

  init(
    _ personality: StubBMC.Personality = StubBMC.Personality(), login: IPMILogin? = nil
  ) throws {
    bmc = StubBMC(personality)
    handshake = Handshake(try login ?? .test())
    effect = handshake.start(random: &random)
  }

  /// The last datagram of the present effect.
  var sent: [UInt8]? {
    guard case .send(let datagrams, _) = effect else { return nil }
    return datagrams.last
  }

  /// Gives what was sent to the BMC and its first answer to the client.
  mutating func step() {
    guard let sent, let answer = bmc.receive(sent).first else { return }
    effect = handshake.receive(answer, random: &random)
  }

  mutating func expire() {
    effect = handshake.waitExpired(random: &random)
  }

  /// Steps until there is nothing more to send.
  mutating func finish() {
    for _ in 0..<40 {
      guard case .send = effect else { return }
      let before = effect
      step()
      if effect == before { expire() }
    }
  }

  var wait: Duration? {
    guard case .send(_, let wait) = effect else { return nil }
    return wait
  }

  var error: IPMIError? {
    guard case .failed(let error, _) = effect else { return nil }
    return error
  }

  var session: Session? {
    guard case .established(let session) = effect else { return nil }
    return session
  }
}

extension IPMILogin {
  static func test(
    username: String = "admin", password: String = "20-byte-password-xxy", kg: String? = nil,
    privilege: PrivilegeLevel = .administrator, suite: CipherSuite? = nil
  ) throws -> IPMILogin {
    try IPMILogin(
      username: username, password: Secret(password), kg: kg.map { Secret($0) },
      privilege: privilege, suite: suite)
  }
}

struct HandshakeTests {
  @Test func fourExchangesMakeASession() throws {
    var scene = try Scene()
    for _ in 0..<4 { scene.step() }
    #expect(scene.session?.suite == .suite17)
    #expect(scene.bmc.openSessions == 1)
  }

  @Test func silenceIsCalledInLessThanFourSeconds() throws {
    var scene = try Scene()
    var total = Duration.zero
    var last = Duration.zero
    while let wait = scene.wait {
      #expect(wait > last)
      total += wait
      last = wait
      scene.expire()
    }
    #expect(scene.error == .noAnswer)
    #expect(total < .seconds(4))
  }

  @Test func theProbeIsRepeatedWithoutTheBitOfVersion2() throws {
    var personality = StubBMC.Personality()
    personality.refusesExtendedProbe = true
    var scene = try Scene(personality)
    scene.finish()
    #expect(scene.session != nil)
  }

  @Test(arguments: [false, true])
  func suite3IsTakenWhereThereIsNo17(short: Bool) throws {
    var personality = StubBMC.Personality()
    personality.suites = [.suite3]
    personality.sendsShortErrors = short
    var scene = try Scene(personality)
    scene.finish()
    #expect(scene.session?.suite == .suite3)
  }

  @Test func aDowngradeIsRefused() throws {
    var personality = StubBMC.Personality()
    personality.downgrades = true
    var scene = try Scene(personality, login: .test(suite: .suite17))
    scene.finish()
    #expect(
      scene.error == .downgraded(asked: .suite17, offered: CipherSuite.suite3.numbers))
    // Asked for suite 3, it answers suite 3: then it is what we asked for.
    scene = try Scene(personality)
    scene.finish()
    #expect(scene.session?.suite == .suite3)
  }

  @Test func aPinnedSuiteIsTheOnlyOne() throws {
    var personality = StubBMC.Personality()
    personality.suites = [.suite3]
    var scene = try Scene(personality, login: .test(suite: .suite17))
    scene.finish()
    #expect(scene.error == .suitesRefused([.suite17], .noMatchingSuite))
    for suite in CipherSuite.all {
      personality.suites = [suite]
      scene = try Scene(personality, login: .test(suite: suite))
      scene.finish()
      #expect(scene.session?.suite == suite)
    }
  }

  @Test func errorsAreDistinct() throws {
    func error(
      _ change: (inout StubBMC.Personality) -> Void, login: IPMILogin? = nil
    ) throws -> IPMIError? {
      var personality = StubBMC.Personality()
      change(&personality)
      var scene = try Scene(personality, login: login)
      scene.finish()
      return scene.error
    }
    #expect(try error({ $0.password = "other" }) == .wrongPassword)
    #expect(try error({ $0.username = "other" }) == .wrongUsername)
    #expect(
      try error({
        $0.username = "other"
        $0.isSilentForStrangers = true
      }) == .silentLogin(step: .rakp1))
    #expect(try error({ $0.tableIsFull = true }) == .sessionTableFull)
    #expect(try error({ $0.kg = "key" }) == .needsKg)
    #expect(try error({ $0.kg = "key" }, login: .test(kg: "wrong")) == .wrongKg)
    #expect(try error({ $0.suites = [] }) == .noCommonSuite(listed: []))
    #expect(try error({ $0.suites = [.suite1, .suite0] }) == .noCommonSuite(listed: [0, 1]))
    #expect(
      try error({
        $0.suites = []
        $0.listsSuites = false
      }) == .suitesRefused([.suite17, .suite3], .noMatchingSuite))
    #expect(try error({ $0.privilegeLimit = .user }) == .privilegeRefused(.operator))
  }

  @Test func theBMCIsToldOfAWrongPassword() throws {
    var personality = StubBMC.Personality()
    personality.password = "other"
    var scene = try Scene(personality)
    scene.finish()
    guard case .failed(.wrongPassword, let farewell) = scene.effect else {
      Issue.record("\(scene.effect)")
      return
    }
    #expect(scene.bmc.halfOpenSessions == 1)
    for datagram in farewell { _ = scene.bmc.receive(datagram) }
    #expect(scene.bmc.halfOpenSessions == 0)
  }

  @Test func kgAndLowerPrivilegeWork() throws {
    var personality = StubBMC.Personality()
    personality.kg = "KgSecretKey-20-bytes"
    personality.privilegeLimit = .operator
    var scene = try Scene(personality, login: .test(kg: "KgSecretKey-20-bytes"))
    scene.finish()
    #expect(scene.session?.privilege == .operator)
  }

  @Test func aTagOfZeroIsAccepted() throws {
    var personality = StubBMC.Personality()
    personality.answersWithTagZero = true
    var scene = try Scene(personality)
    scene.finish()
    #expect(scene.session != nil)
  }

  @Test func aLostStepIsRepeatedOnceAndThenBegunAgainWithNewIds() throws {
    var scene = try Scene()
    scene.step()
    let first = scene.sent
    #expect(scene.wait == .milliseconds(400))
    scene.expire()
    #expect(scene.sent == first)
    #expect(scene.wait == .milliseconds(500))
    scene.expire()
    #expect(scene.sent != first)
    #expect(scene.wait == .milliseconds(600))
    scene.finish()
    #expect(scene.session != nil)
  }

  @Test func fourLostWalksEndTheLogin() throws {
    var scene = try Scene()
    scene.step()
    for _ in 0..<8 { scene.expire() }
    #expect(scene.error == .silentLogin(step: .openSession))
  }

  @Test func lateAnswersOfAnEarlierWalkAreIgnored() throws {
    var scene = try Scene()
    scene.step()
    let late = try #require(scene.sent.flatMap { scene.bmc.receive($0).first })
    scene.expire()
    scene.expire()
    let effect = scene.handshake.receive(late, random: &scene.random)
    #expect(effect == .ignore("an answer to an earlier Open Session"))
    scene.finish()
    #expect(scene.session != nil)
  }

  /// The BMC draws a new random number for each RAKP 1, so that our RAKP 3 is wrong for it.
  @Test func aRepeatedRAKP1ThatConfusesTheBMCLeadsToANewWalk() throws {
    var scene = try Scene()
    scene.step()
    scene.step()
    let rakp1 = try #require(scene.sent)
    let firstAnswer = try #require(scene.bmc.receive(rakp1).first)
    scene.expire()
    _ = scene.bmc.receive(rakp1)
    scene.effect = scene.handshake.receive(firstAnswer, random: &scene.random)
    scene.finish()
    #expect(scene.session != nil)
  }

  /// RAKP 4 was lost, and the repetition of RAKP 3 is not answered: the open session is closed.
  @Test func aSessionOfALostWalkIsGivenBack() throws {
    var scene = try Scene()
    for _ in 0..<3 { scene.step() }
    let rakp3 = try #require(scene.sent)
    _ = scene.bmc.receive(rakp3)
    #expect(scene.bmc.openSessions == 1)
    scene.expire()
    scene.expire()
    guard case .send(let datagrams, _) = scene.effect else {
      Issue.record("\(scene.effect)")
      return
    }
    #expect(datagrams.count == 2)
    for datagram in datagrams { _ = scene.bmc.receive(datagram) }
    #expect(scene.bmc.openSessions == 0)
  }

  @Test func mutatedAnswersNeverTrap() throws {
    var random = SeededRandom(seed: 5)
    for depth in 0..<4 {
      var scene = try Scene()
      for _ in 0..<depth { scene.step() }
      let answer = try #require(scene.sent.flatMap { scene.bmc.receive($0).first })
      for _ in 0..<2_000 {
        var copy = scene
        _ = copy.handshake.receive(mutate(answer, &random), random: &copy.random)
      }
    }
  }
}
