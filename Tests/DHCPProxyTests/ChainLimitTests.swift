/// Tests of DHCPProxy: an iPXE that loads iPXE, and again.

import Testing
import Wire

@testable import DHCPProxy

@Suite struct ChainLimitTests {
  private let mac = MACAddress(value: 0x5254_00aa_0001)
  private let start = ContinuousClock.now

  private func at(_ seconds: Int) -> ContinuousClock.Instant { start + .seconds(seconds) }

  @Test func theThirdProgramWithinTwoMinutesIsOneTooMany() {
    var chains = ChainLimit(limit: 10)
    let seen = [(1, 0), (1, 2), (2, 10), (2, 14), (3, 20), (4, 119)].map { xid, second in
      chains.admits(mac, attempt: xid, isNew: true, at: at(second))
    }
    #expect(seen == [true, true, true, true, false, false])
    let other = chains.admits(MACAddress(value: 2), attempt: 9, isNew: true, at: at(20))
    let later = chains.admits(mac, attempt: 5, isNew: true, at: at(121))
    #expect(other && later)
  }

  @Test func askingPort4011IsNoNewAttempt() {
    var chains = ChainLimit(limit: 10)
    let seen = [(1, true), (7, false), (2, true), (8, false), (3, true)].map { xid, isNew in
      chains.admits(mac, attempt: xid, isNew: isNew, at: start)
    }
    #expect(seen == [true, true, true, true, false])
  }
}
