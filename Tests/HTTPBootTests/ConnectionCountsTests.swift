/// Tests of HTTPBoot: connections of one address, and of all.

import Testing
import Wire

@testable import HTTPBoot

@Suite struct ConnectionCountsTests {
  private let one = IPAddress.v4(IPv4Address(value: 0x0a00_0001))
  private let other = IPAddress.v4(IPv4Address(value: 0x0a00_0002))

  private func counts(_ ofAddress: Int, _ ofAll: Int) -> ConnectionCounts {
    var limits = HTTPLimits()
    (limits.connectionsPerAddress, limits.connections) = (ofAddress, ofAll)
    return ConnectionCounts(limits)
  }

  @Test func oneAddressDoesNotTakeThePlaceOfAnother() {
    let counts = counts(2, 100)
    #expect(counts.enter(one))
    #expect(counts.enter(one))
    #expect(!counts.enter(one))
    #expect(counts.enter(other))
    counts.leave(one)
    #expect(counts.enter(one))
    #expect(!counts.enter(one))
  }

  @Test func allTogetherHaveALimitToo() {
    let counts = counts(10, 3)
    #expect(counts.enter(one))
    #expect(counts.enter(other))
    #expect(counts.enter(nil))
    #expect(!counts.enter(other))
    counts.leave(nil)
    #expect(counts.enter(other))
  }
}
