/// Tests of Images: how long an answer is good (RFC 9111 §4.2, §5.2.2).

import Testing

@testable import Images

@Suite struct FreshnessTests {
  @Test(
    arguments: [
      (nil, nil, 60, true), ("", nil, 60, true), ("public", nil, 60, true),
      ("max-age=10", nil, 10, true), ("MAX-AGE = 10", nil, 10, true),
      ("max-age=\"10\"", nil, 10, true), ("public, max-age=600, immutable", nil, 600, true),
      ("max-age=10, s-maxage=20", nil, 20, true), ("s-maxage=20, max-age=10", nil, 20, true),
      ("max-age=100", 30, 70, true), ("max-age=100", 300, 0, true), ("max-age=100", -5, 100, true),
      ("no-cache", nil, 0, true), ("no-cache, max-age=100", nil, 0, true),
      ("max-age=100, no-cache", nil, 0, true), ("no-store", nil, 60, false),
      ("max-age=x", nil, 0, true), ("max-age", nil, 0, true), ("max-age=-1", nil, 0, true),
      ("max-age=99999999999999999999999", nil, 31_536_000, true), (",,=,", nil, 60, true),
    ] as [(String?, Int?, Int, Bool)])
  func lifetimes(_ control: String?, _ age: Int?, _ lifetime: Int, _ mayKeep: Bool) {
    let freshness = Freshness(cacheControl: control, age: age, unsaid: 60)
    #expect(freshness.lifetime == lifetime)
    #expect(freshness.mayKeep == mayKeep)
  }
}
