/// IPMITests: which suite is taken, and what a session asks to be allowed.

import BMCStub
import IPMI
import Testing

struct CipherSuiteTests {
  private func link(
    _ suites: [CipherSuite], _ login: IPMILogin? = nil, for need: PrivilegeLevel? = nil
  ) async throws -> VirtualLink {
    var personality = StubBMC.Personality()
    personality.suites = suites
    let link = VirtualLink(StubBMC(personality))
    try await link.open(login ?? .test(), for: need)
    return link
  }

  @Test func whatTheBMCListsIsTakenLast() async throws {
    #expect(try await link([.suite8, .suite7, .suite1]).session?.suite == .suite8)
    #expect(try await link([.suite11, .suite2, .suite0]).session?.suite == .suite2)
    #expect(try await link([.suite3, .suite12]).session?.suite == .suite3)
  }

  /// Twelve suites are sixty bytes of list: four pieces.
  @Test func longListsArriveInPieces() async throws {
    let unsigned: [CipherSuite] = [.suite0, .suite1, .suite6, .suite15]
    #expect(try await link(unsigned + [.suite7]).session?.suite == .suite7)
  }

  @Test(arguments: [CipherSuite.suite0, .suite1, .suite6, .suite15])
  func whatAnybodyCouldForgeIsTakenOnlyByName(_ suite: CipherSuite) async throws {
    await #expect(throws: IPMIError.noCommonSuite(listed: [suite.id])) {
      _ = try await link([suite])
    }
    #expect(try await link([suite], .test(suite: suite)).session?.suite == suite)
  }

  /// Suite 0 proves nothing: any password is "right".
  @Test func suite0LetsAnyPasswordIn() async throws {
    let link = try await link([.suite0], .test(password: "wrong", suite: .suite0))
    #expect(try await link.powerState() == .on)
  }

  @Test func theSuiteOfALastLoginIsTriedFirst() async throws {
    let link = try await link([.suite8])
    await link.close()
    let before = await link.sentCount
    try await link.open(.test())
    #expect(await link.session?.suite == .suite8)
    #expect(await link.sentCount - before == 3)
  }

  @Test func recordsOfVendorsAreSkipped() {
    let records: [UInt8] = [
      0xc1, 0x80, 0x57, 0x01, 0x00, 0x01, 0x41, 0x81, 0xc0, 0x03, 0x01, 0x41, 0x81, 0xc0, 0x11,
    ]
    #expect(CipherSuite.numbers(inRecords: records) == [3, 17])
    #expect(CipherSuite.numbers(inRecords: [0xc0]) == [])
    #expect(
      CipherSuite.numbers(inRecords: CipherSuite.all.flatMap(\.record)) == CipherSuite.all.map(\.id)
    )
  }

  // MARK: Privilege

  @Test func lookingNeedsNoMoreThanUser() async throws {
    let link = try await link([.suite17], for: .user)
    #expect(await link.session?.privilege == .user)
    _ = try await link.powerState()
    #expect(await link.bmc.commands == [0x01])
  }

  @Test func switchingAsksForOperatorOnce() async throws {
    let link = try await link([.suite17], for: .operator)
    _ = try await link.power(.off)
    _ = try await link.power(.on)
    #expect(await link.bmc.commands == [0x01, 0x3b, 0x02, 0x01, 0x02])
  }

  @Test func moreThanTheLoginAllowsIsNotAskedFor() async throws {
    let link = try await link([.suite17], .test(privilege: .user), for: .operator)
    #expect(await link.session?.privilege == .user)
  }
}
