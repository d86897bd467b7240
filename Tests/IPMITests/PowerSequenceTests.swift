/// IPMITests: power commands against a stub BMC, without sockets and without time.

import BMCStub
import IPMI
import Testing

struct PowerSequenceTests {
  @Test(arguments: [
    (PowerAction.on, PowerState.off, [ChassisControl.Action.powerUp], PowerState.on),
    (.on, .on, [], .on),
    (.off, .on, [.powerDown], .off),
    (.off, .off, [], .off),
    (.cycle, .on, [.powerCycle], .on),
    (.cycle, .off, [.powerUp], .on),
    (.reset, .off, [.powerUp], .on),
    (.soft, .on, [.softShutdown], .off),
    (.soft, .off, [], .off),
  ])
  func sendsWhatTheStateCallsFor(
    _ action: PowerAction, _ before: PowerState, _ sent: [ChassisControl.Action],
    _ after: PowerState
  ) async throws {
    let link = try await link(power: before)
    let report = try await link.power(action, verify: .seconds(10))
    #expect(
      report == PowerReport(action: action, before: before, sent: sent.first, after: after))
    #expect(await link.bmc.actions == sent)
  }

  @Test func aResetHasNoStateToLookAt() async throws {
    let link = try await link()
    let report = try await link.power(.reset, verify: .seconds(10))
    #expect(report == PowerReport(action: .reset, before: .on, sent: .hardReset))
  }

  @Test(arguments: [PowerAction.cycle, .reset])
  func notInPresentStateMeansOff(_ action: PowerAction) async throws {
    let link = try await link({ $0.wronglyOnOnce = true }, power: .off)
    let report = try await link.power(action, verify: .seconds(10))
    #expect(report.sent == .powerUp)
    #expect(report.after == .on)
    #expect(await link.bmc.power == .on)
  }

  @Test(arguments: [PowerAction.off, .cycle, .soft])
  func aCommandWithoutEffectIsAnError(_ action: PowerAction) async throws {
    let link = try await link { $0.ignoresPower = true }
    await #expect(throws: IPMIError.noEffect(action, still: .on)) {
      try await link.power(action, verify: .seconds(10))
    }
    #expect(await link.bmc.actions.count == 1)
    #expect(await link.elapsed == .seconds(10))
  }

  @Test func unansweredOnAndOffAreSettledByLooking() async throws {
    let link = try await link { $0.swallowsControlAnswers = true }
    #expect(try await link.power(.off).after == .off)
    #expect(try await link.power(.on).after == .on)
    #expect(await link.bmc.actions == [.powerDown, .powerUp])
  }

  @Test func anUnansweredCycleThatIsUnderWayIsSeen() async throws {
    let link = try await link { $0.swallowsControlAnswers = true }
    #expect(try await link.power(.cycle).after == .on)
    #expect(await link.bmc.actions == [.powerCycle])
  }

  @Test func anUnansweredResetIsNotRepeated() async throws {
    let link = try await link { $0.swallowsControlAnswers = true }
    await #expect(throws: IPMIError.uncertain(.reset, now: .on)) {
      try await link.power(.reset)
    }
    #expect(await link.bmc.actions == [.hardReset])
  }

  @Test func busyAndChattyBMCsAreFine() async throws {
    let link = try await link {
      $0.busyTimes = 2
      $0.answersTwice = true
      $0.checksumsAreWrong = true
    }
    #expect(try await link.power(.off, verify: .seconds(5)).after == .off)
    #expect(await link.bmc.actions == [.powerDown])
  }

  @Test func unsignedAnswersAreNotAnswers() async throws {
    let link = try await link { $0.forgetsToSign = true }
    await #expect(throws: IPMIError.unanswered(command: GetChassisStatus.name)) {
      try await link.powerState()
    }
  }

  @Test func aUserMayLookButNotSwitch() async throws {
    var personality = StubBMC.Personality()
    personality.privilegeLimit = .user
    let link = VirtualLink(StubBMC(personality))
    try await link.open(.test(privilege: .user))
    #expect(try await link.powerState() == .on)
    await #expect(
      throws: IPMIError.failed(command: "power off", .insufficientPrivilege, meaning: "")
    ) { try await link.power(.off) }
  }
}
