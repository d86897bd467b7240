/// InventoryTests: a rate with a burst, on a clock that is moved by hand.

import Testing

@testable import Inventory

@Suite struct TokenBucketTests {
  private static let second = 1_000_000_000

  /// Which of these were taken.
  private func taken(
    _ bucket: inout TokenBucket, _ tries: [(tokens: Int, at: Int)]
  ) -> [Bool] {
    tries.map { bucket.take($0.tokens, at: $0.at) }
  }

  @Test func `full at the beginning, then as fast as its rate`() {
    var bucket = TokenBucket(rate: 10, burst: 3, at: 0)
    let first = taken(&bucket, [(1, 0), (1, 0), (1, 0), (1, 0)])
    #expect(first == [true, true, true, false])
    let tenth = Self.second / 10
    let later = taken(&bucket, [(1, tenth - 1), (1, tenth), (1, tenth)])
    #expect(later == [false, true, false])
  }

  @Test func `never more than its burst, and fractions add up`() {
    var bucket = TokenBucket(rate: 3, burst: 5, at: 0)
    let empty = taken(&bucket, [(5, 0)])
    #expect(empty == [true])
    let slowly = taken(&bucket, (1...1000).map { (1, $0 * Self.second / 1000) })
    #expect(slowly.count { $0 } == 3)
    let late = taken(&bucket, [(6, 900 * Self.second), (5, 900 * Self.second)])
    #expect(late == [false, true])
  }

  @Test func `all or none, and a clock that stands still or jumps does no harm`() {
    var bucket = TokenBucket(rate: 1, burst: 2, at: 5)
    let jumps = taken(&bucket, [(3, 5), (2, 0), (1, .min), (2, .max)])
    #expect(jumps == [false, true, false, true])
    var wild = TokenBucket(rate: .max, burst: .max, at: 0)
    let much = taken(&wild, [(.max, 0), (1, .max), (.min, .max)])
    #expect(much == [true, true, true])
    var none = TokenBucket(rate: -1, burst: -1, at: 0)
    let nothing = taken(&none, [(1, Self.second)])
    #expect(nothing == [false])
  }
}
