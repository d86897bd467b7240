/// IPMITests: sessions of IPMI 1.5, without a socket.

import BMCStub
import Fixtures
import IPMI
import Testing
import Wire

struct LegacyTests {
  private func link(
    _ legacy: LegacyUse, password: String = "16-byte-password",
    _ change: (inout StubBMC.Personality) -> Void = { _ in }, weather: Weather = Weather()
  ) async throws -> VirtualLink {
    var personality = StubBMC.Personality()
    personality.legacy = Set(LegacyAuthentication.allCases)
    personality.speaksRMCPPlus = false
    personality.password = "16-byte-password"
    change(&personality)
    let link = VirtualLink(StubBMC(personality), weather: weather)
    try await link.open(
      try IPMILogin(username: "admin", password: Secret(password), legacy: legacy))
    return link
  }

  @Test(arguments: LegacyAuthentication.allCases, [false, true])
  func aMachineIsSwitchedOff(_ way: LegacyAuthentication, signsOnlyLogin: Bool) async throws {
    let link = try await link(.only(way)) { $0.signsOnlyLogin = signsOnlyLogin }
    #expect(try await link.power(.off, verify: .seconds(5)).after == .off)
    await link.close()
    #expect(await link.bmc.actions == [.powerDown])
    #expect(await link.bmc.openSessions == 0)
    #expect(await link.session?.authenticates == (way != .none && !signsOnlyLogin))
  }

  @Test func md5IsChosenWhereNothingElseIsSpoken() async throws {
    let link = try await link(.whereNothingElse)
    #expect(try await link.powerState() == .on)
    #expect(await link.session?.suite == nil)
    let modern = try await self.link(.whereNothingElse) { $0.speaksRMCPPlus = true }
    #expect(await modern.session?.suite == .suite17)
  }

  @Test func itIsNotSpokenUnlessItIsAllowed() async throws {
    await #expect(throws: IPMIError.onlyLegacy) { _ = try await link(.never) }
    await #expect(throws: IPMIError.noLegacyAuthentication(offered: 0x11)) {
      _ = try await link(.whereNothingElse) { $0.legacy = [.none, .password] }
    }
  }

  @Test func aWrongNameAndALongPasswordAreNamed() async throws {
    await #expect(throws: IPMIError.wrongUsername) {
      _ = try await link(.only(.md5)) { $0.username = "other" }
    }
    await #expect(throws: IPMIError.tooLong(.password, limit: 16)) {
      _ = try await link(.only(.md5), password: "20-byte-password-xxy")
    }
    // Known only once the BMC has said what it speaks.
    await #expect(throws: IPMIError.tooLong(.password, limit: 16)) {
      _ = try await link(.whereNothingElse, password: "20-byte-password-xxy")
    }
  }

  /// Real BMCs do not answer a message that is signed wrongly.
  @Test func aWrongPasswordIsSilence() async throws {
    await #expect(throws: IPMIError.silentLogin(step: .activateSession)) {
      _ = try await link(.only(.md5), password: "wrong")
    }
  }

  @Test(arguments: 0..<50)
  func aBadNetworkDoesNotSwitchTwice(_ seed: Int) async throws {
    var failure: IPMIError?
    var cycles = 0
    do {
      let link = try await link(
        .only(.md5), weather: Weather(percent: 20, seed: UInt64(seed)))
      do throws(IPMIError) {
        _ = try await link.power(.cycle, verify: .seconds(30))
      } catch {
        failure = error
      }
      cycles = await link.bmc.actions.count
    } catch IPMIError.silentLogin, IPMIError.noAnswer {
      return
    }
    #expect(failure == nil ? cycles == 1 : cycles <= 1, "\(String(describing: failure))")
  }

  @Test(arguments: LegacyAuthentication.allCases)
  func forgedPacketsAreRefused(_ way: LegacyAuthentication) throws {
    let seal = LegacySeal(authentication: way, perMessage: way, password: Secret("secret"))
    let packet = seal.seal([1, 2, 3], sessionID: 7, sequence: 9)
    #expect(seal.accepts(packet))
    var forged = packet
    forged.authenticationType = forged.authenticationType == 2 ? 1 : 2
    #expect(!seal.accepts(forged))
    guard way == .md5 || way == .md2 else { return }
    for change: (inout LegacyPacket) -> Void in [
      { $0.payload[0] ^= 1 }, { $0.sequence += 1 }, { $0.sessionID += 1 },
      { $0.authenticationCode[15] ^= 1 }, { $0.authenticationCode = [] },
    ] {
      forged = packet
      change(&forged)
      #expect(!seal.accepts(forged))
    }
  }
}
