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
    #expect(counts.enter(one) == nil)
    #expect(counts.enter(one) == nil)
    #expect(counts.enter(one) != nil)
    #expect(counts.enter(other) == nil)
    counts.leave(one)
    #expect(counts.enter(one) == nil)
    #expect(counts.enter(one) != nil)
  }

  @Test func allTogetherHaveALimitToo() {
    let counts = counts(10, 3)
    #expect(counts.enter(one) == nil)
    #expect(counts.enter(other) == nil)
    #expect(counts.enter(nil) == nil)
    #expect(counts.enter(other) != nil)
    counts.leave(nil)
    #expect(counts.enter(other) == nil)
  }

  /// A proxy on the same host has everybody's.
  @Test(arguments: ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])
  func loopbackHasNoLimitOfItsOwn(_ text: String) throws {
    let counts = counts(1, 3)
    let address = try #require(IPAddress(text))
    for _ in 0..<3 { #expect(counts.enter(address) == nil) }
    #expect(counts.enter(address) == .ofAll)
    counts.leave(address)
    #expect(counts.enter(one) == nil)
    counts.leave(address)
    #expect(counts.enter(one) == .ofAddress(one))
  }

  @Test func theRefusalNamesTheSettingToChange() {
    var limits = HTTPLimits()
    limits.connectionsPerAddress = 7
    #expect(
      ConnectionCounts(limits).sentence(.ofAddress(one))
        == "too many connections from 10.0.0.1: http.connections-per-address allows 7")
    #expect(
      ConnectionCounts(limits).sentence(.ofAll)
        == "too many connections: http.connections allows 8192")
    #expect(
      ConnectionCounts(limits.fitting(openFiles: 1024)).sentence(.ofAll)
        == "too many connections: http.connections allows 192, as this process may open only "
        + "1024 files")
  }
}
