/// Tests of DHCPProxy: the ladder, climbed by machines that do not go on.

import Fixtures
import Testing
import Wire

@testable import DHCPProxy

@Suite struct StrategyMemoryTests {
  private let mac = MACAddress(value: 0x5254_00aa_0001)
  private var proxy = ProxyHarness()

  private mutating func offer(_ architecture: UInt16, xid: UInt32 = 1) throws -> StrategyChoice {
    try proxy.reply(BuiltDHCP(1, pxeOptions(architecture)).with { $0.xid = xid }).choice
  }

  private mutating func ask4011(_ architecture: UInt16) throws -> Strategy {
    let ask = BuiltDHCP(3, pxeOptions(architecture)).with { $0.ciaddr = [10, 77, 0, 50] }
    return try proxy.reply(ask, port: .bootServer).choice.strategy
  }

  /// EDK2's DISCOVERs: one xid, at 0, 4, 12 and 28 s.
  private mutating func attempt(_ architecture: UInt16, xid: UInt32) throws -> [Strategy] {
    var strategies: [Strategy] = []
    for pause in [4, 8, 16, 20] {
      strategies.append(try offer(architecture, xid: xid).strategy)
      proxy.wait(.seconds(pause))
    }
    return strategies
  }

  @Test mutating func aUEFIThatAsksAgainIsToldToUseTheFile() throws {
    #expect(
      try attempt(7, xid: 1)
        == [.bootServer, .everythingWithPrompt, .everythingWithPrompt, .everythingWithPrompt])
    #expect(
      try attempt(7, xid: 2) == [.everything, .everything, .everything, .bootServerOnly])
    #expect(
      try attempt(7, xid: 3)
        == [.bootServerOnly, .bootServerOnly, .bootServer, .everythingWithPrompt])
  }

  @Test mutating func aBIOSClimbsAfterThreeOffers() throws {
    var seen: [Strategy] = []
    for xid in 1...4 { seen += try attempt(0, xid: UInt32(xid)) }
    let three = { (way: Strategy) in [way, way, way] }
    #expect(
      seen
        == three(.everything) + three(.bootServer) + three(.everythingWithPrompt)
        + three(.bootServerOnly) + three(.menu) + [.everything])
  }

  @Test mutating func theReasonTellsTheStory() throws {
    #expect(
      try offer(7).reason == "most UEFI firmware wants to ask port 4011 for the file")
    proxy.wait(.seconds(4))
    #expect(
      try offer(7).reason
        == "some UEFI firmware must be told to use the file, with a prompt; way 2 of 4, "
        + "after 1 offer without effect")
    for _ in 0..<3 {
      proxy.wait(.seconds(4))
      _ = try offer(7)
    }
    #expect(
      try offer(7).reason
        == "without a prompt and without port 4011, which may be filtered; way 3 of 4, "
        + "after 4 offers without effect")
  }

  @Test mutating func thePacketThatComesTwiceCountsOnce() throws {
    #expect(try offer(7).strategy == .bootServer)
    proxy.wait(.milliseconds(3))
    #expect(try offer(7).strategy == .bootServer)
    proxy.wait(.seconds(1))
    #expect(try offer(7).strategy == .everythingWithPrompt)
  }

  @Test mutating func port4011IsAnsweredInTheWayThatWasOffered() throws {
    _ = try offer(0)
    #expect(try ask4011(0) == .everything)
    proxy.wait(.seconds(60))
    #expect(try attempt(0, xid: 2) == [.everything, .everything, .everything, .bootServer])
    #expect(try ask4011(0) == .bootServer)
  }

  @Test mutating func threeAttemptsThatEndAt4011AreEnough() throws {
    for xid in 1...3 as ClosedRange<UInt32> {
      #expect(try offer(7, xid: xid).strategy == .bootServer)
      proxy.wait(.seconds(4))
      #expect(try ask4011(7) == .bootServer)
      proxy.wait(.seconds(30))
    }
    #expect(try offer(7, xid: 4).strategy == .everythingWithPrompt)
  }

  @Test mutating func aMachineThatFetchesIsLeftAlone() throws {
    for xid in 1...10 as ClosedRange<UInt32> {
      #expect(try offer(7, xid: xid).strategy == .bootServer)
      proxy.wait(.seconds(4))
      proxy.progressed(mac)
      proxy.wait(.seconds(300))
    }
  }

  @Test mutating func whatWorkedIsUsedFirstNextTime() throws {
    _ = try offer(7)
    proxy.wait(.seconds(4))
    #expect(try offer(7).strategy == .everythingWithPrompt)
    proxy.worked(mac)
    proxy.wait(.seconds(86_400))
    #expect(try offer(7, xid: 2) == StrategyChoice(.everythingWithPrompt, .worked))
    #expect(try offer(7, xid: 2).reason == "it worked the last time")
    // Patience with it is three offers, then it is forgotten and the next way is tried.
    for _ in 0..<2 {
      proxy.wait(.seconds(4))
      #expect(try offer(7, xid: 2).strategy == .everythingWithPrompt)
    }
    proxy.wait(.seconds(4))
    #expect(try offer(7, xid: 2).strategy == .everything)
  }

  @Test mutating func iPXEOfTheMachineShowsThatItsFirmwareGotOn() throws {
    _ = try offer(7)
    proxy.wait(.seconds(4))
    _ = try offer(7)
    proxy.wait(.seconds(10))
    let iPXE = BuiltDHCP(1, pxeOptions(7) + [(77, text("iPXE"))])
    #expect(try proxy.reply(iPXE).choice.strategy == .script)
    proxy.wait(.seconds(600))
    #expect(try offer(7, xid: 9) == StrategyChoice(.everythingWithPrompt, .worked))
  }

  @Test mutating func anHourOfSilenceStartsAnew() throws {
    _ = try attempt(0, xid: 1)
    #expect(try offer(0, xid: 2).strategy == .bootServer)
    proxy.wait(.seconds(3601))
    #expect(try offer(0, xid: 3).strategy == .everything)
  }

  @Test mutating func anotherFirmwareOfTheSameMachineStartsAnew() throws {
    _ = try attempt(0, xid: 1)
    #expect(try offer(7, xid: 2).strategy == .bootServer)
  }

  @Test mutating func whoHasOneWayIsNotRemembered() throws {
    let iPXE = BuiltDHCP(1, pxeOptions(0) + [(77, text("iPXE"))])
    for _ in 0..<9 { #expect(try proxy.reply(iPXE).choice.strategy == .script) }
    #expect(proxy.memory.count == 0)
  }

  @Test mutating func aFloodOfInventedMachinesIsForgotten() throws {
    proxy.memory = StrategyMemory(limit: 1000)
    let built = BuiltDHCP(1, pxeOptions(7))
    for number in 0..<20_000 as Range<UInt64> {
      let mac = MACAddress(value: 0x0200_0000_0000 + number)
      _ = try proxy.decide(built.with { $0.chaddr = mac.bytes })
    }
    #expect(proxy.memory.count == 1000)
  }
}
