/// IPMITests: whole operations on networks that lose, double, delay and overtake.

import BMCStub
import IPMI
import Testing

struct WeatherTests {
  @Test(arguments: 0..<4)
  func oneLostLoginDatagramOfEitherSide(_ number: Int) async throws {
    for weather in [Weather(toBMC: [number: .lost]), Weather(toClient: [number: .lost])] {
      let link = VirtualLink(StubBMC(), weather: weather)
      try await link.open(.test())
      #expect(try await link.powerState() == .on)
      #expect(await link.elapsed <= .seconds(4))
    }
  }

  @Test func aStatusNeedsSixRoundTrips() async throws {
    let link = try await link()
    _ = try await link.powerState()
    await link.close()
    #expect(await link.sentCount == 6)
    #expect(await link.elapsed == .zero)
  }

  /// A fifth of all datagrams is lost, doubled, late or overtaken: each cycle ends right or with a
  /// clear error, and none is carried out twice.
  @Test(arguments: 0..<200)
  func nothingHappensTwice(_ seed: Int) async throws {
    let link = VirtualLink(
      StubBMC(), weather: Weather(percent: 20, seed: UInt64(seed)), seed: UInt64(seed))
    let login = try IPMILogin.test()
    var failure: IPMIError?
    do throws(IPMIError) {
      try await link.open(login)
      _ = try await link.bootOnceFromNetwork(verify: .seconds(30))
    } catch {
      failure = error
    }
    let cycles = await link.bmc.actions.count
    switch failure {
    case nil:
      #expect(cycles == 1)
    case .uncertain, .noEffect, .unanswered, .silentLogin, .noAnswer:
      #expect(cycles <= 1)
    case let other?:
      Issue.record("seed \(seed): \(other)")
    }
  }
}
