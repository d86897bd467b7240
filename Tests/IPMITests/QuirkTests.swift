/// IPMITests: BMCs that differ from the standard, found out or named.

import BMCStub
import IPMI
import Testing

struct QuirkTests {
  private func link(
    _ quirks: Set<BMCQuirk> = [], suite: CipherSuite? = nil, username: String = "admin",
    _ change: (inout StubBMC.Personality) -> Void
  ) async throws -> VirtualLink {
    var personality = StubBMC.Personality()
    personality.suites = CipherSuite.all
    change(&personality)
    let link = VirtualLink(StubBMC(personality))
    try await link.open(
      try IPMILogin(
        username: username, password: Secret(personality.password), suite: suite, quirks: quirks))
    return link
  }

  @Test func aUserKnownByNameAndPrivilegeIsFoundOut() async throws {
    let link = try await link { $0.looksUpByBoth = true }
    #expect(await link.traits?.quirks == [.nameAndPrivilege])
    // The next login knows, and skips the first question too.
    let before = await link.sentCount
    await link.close()
    try await link.open(.test())
    #expect(await link.sentCount - before == 4)
  }

  @Test func aUserKnownByNameAloneIsTheUsualOne() async throws {
    let link = try await link { $0.looksUpByBoth = false }
    #expect(await link.traits?.quirks == [])
  }

  @Test func openSessionWithTheHighestPrivilegeIsFoundOut() async throws {
    let link = try await link { $0.wantsOpenHighest = true }
    #expect(await link.traits?.quirks == [.openHighest])
  }

  @Test(arguments: [-1, 0, 1])
  func aCodeThatIsAByteTooLongOrShortIsRead(_ extra: Int) async throws {
    let link = try await link { $0.extraCodeBytes = extra }
    #expect(try await link.powerState() == .on)
  }

  @Test func aCodeThatIsMuchTooShortIsNot() async throws {
    await #expect(throws: IPMIError.wrongPassword) {
      _ = try await link { $0.extraCodeBytes = -31 }
    }
  }

  @Test func answersWithSessionIDZeroAreReadWhereTheyAreSigned() async throws {
    let signed = try await link(suite: .suite16) { $0.answersWithIDZero = true }
    #expect(try await signed.powerState() == .on)
    let unsigned = try await link(suite: .suite15) { $0.answersWithIDZero = true }
    await #expect(throws: IPMIError.unanswered(command: GetChassisStatus.name)) {
      try await unsigned.powerState()
    }
  }

  @Test func paddedNamesAndFullRAKP1AreNamed() async throws {
    let padded = try await link([.paddedName], suite: .suite3) { $0.padsNames = true }
    #expect(try await padded.powerState() == .on)
    let full = try await link([.fullRAKP1], suite: .suite3) { $0.ignoresLookUpBit = true }
    #expect(try await full.powerState() == .on)
    await #expect(throws: IPMIError.wrongPassword) {
      _ = try await link(suite: .suite3) { $0.ignoresLookUpBit = true }
    }
  }

  @Test func aShortPadIsNamed() async throws {
    let link = try await link([.shortPad], suite: .suite2) { _ in }
    #expect(try await link.powerState() == .on)
  }

  @Test func aBMCThatWantsThePrivilegeSetGetsItSet() async throws {
    let link = try await link { $0.wantsPrivilegeSet = true }
    #expect(try await link.powerState() == .on)
    #expect(await link.bmc.commands == [0x01, 0x3b, 0x01])
  }

  @Test func withoutAProbeTheLoginIsShorter() async throws {
    let link = try await link([.noProbe]) { _ in }
    #expect(await link.sentCount == 3)
  }

  @Test func namesAreReadBack() {
    for quirk in BMCQuirk.all { #expect(BMCQuirk(name: quirk.rawValue) == quirk) }
    #expect(BMCQuirk(name: "no-such-quirk") == nil)
  }
}
