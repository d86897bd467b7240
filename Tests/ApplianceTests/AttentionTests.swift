/// Tests of Appliance: how much the recorder listens to.

import Testing

@testable import Appliance

struct AttentionTests {
  private let second: UInt64 = 1_000_000_000

  @Test func aMachineOrTwoAreHeardWhole() {
    var attention = Attention()
    for time in 1...60 as ClosedRange<UInt64> {
      let better = attention.hear(5_000, at: time * second)
      #expect(better == nil)
    }
    #expect(attention.lowest(since: 0) == .all)
  }

  @Test func aHallIsHeardWithoutItsTransfersAndAFloodNotAtAll() {
    var attention = Attention()
    var better = [attention.hear(5_000, at: second), attention.hear(1, at: second + 5)]
    #expect(better == [nil, .conversations])
    _ = attention.turn(to: .conversations, at: second + 5)
    better = [attention.hear(20_000, at: second + 6), attention.hear(1, at: second + 7)]
    #expect(better == [nil, .nothing])
    _ = attention.turn(to: .nothing, at: second + 7)
    better = [attention.hear(64, at: second + 8)]
    #expect(better == [nil])
  }

  @Test func onlyTheLatestChangeEndsInRecovery() {
    var attention = Attention()
    let first = attention.turn(to: .conversations, at: second)
    let latest = attention.turn(to: .nothing, at: 2 * second)
    let (early, late) = (
      attention.recover(from: first, at: 11 * second),
      attention.recover(from: latest, at: 12 * second)
    )
    #expect(!early && late)
    _ = attention.turn(to: .all, at: 12 * second)
    #expect(attention.lowest(since: 12 * second) == .nothing)
    #expect(attention.lowest(since: 13 * second) == .all)
  }

  @Test func whileLessIsHeardNoBootCountsAsWhole() {
    var attention = Attention()
    _ = attention.turn(to: .conversations, at: second)
    #expect(attention.lowest(since: 9 * second) == .conversations)
    _ = attention.turn(to: .nothing, at: second)
    #expect(attention.lowest(since: 9 * second) == .nothing)
  }
}
