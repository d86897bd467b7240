/// Tests of Images: several ranges in one header (RFC 9110 §14.1.2, §14.2, §15.3.7.2).

import Testing

@testable import Images

@Suite struct ByteRangesTests {
  private static let size = 10_000

  private func ranges(_ header: String) -> ByteRanges { ByteRanges(header, size: Self.size) }

  @Test func farRangesStayApartInTheOrderOfTheHeader() {
    #expect(ranges("bytes=0-9,5000-5009") == .ranges([0..<10, 5000..<5010]))
    #expect(ranges("bytes=5000-5009, 0-9 ,-10") == .ranges([5000..<5010, 0..<10, 9990..<10000]))
  }

  @Test func rangesThatOverlapOrNearlyTouchAreOne() {
    #expect(ranges("bytes=0-9,5-19") == .ranges([0..<20]))
    #expect(ranges("bytes=5-19,0-9") == .ranges([0..<20]))
    #expect(ranges("bytes=0-9,10-19") == .ranges([0..<20]))
    #expect(ranges("bytes=0-9,138-147") == .ranges([0..<148]))
    #expect(ranges("bytes=0-9,139-147") == .ranges([0..<10, 139..<148]))
    // The last one joins all before it.
    #expect(ranges("bytes=0-9,1000-1009,5-1005") == .ranges([0..<1010]))
    #expect(ranges("bytes=7000-7009,0-9,1000-1009,5-1005") == .ranges([7000..<7010, 0..<1010]))
  }

  @Test func whatIsOutsideIsLeftOut() {
    #expect(ranges("bytes=0-9,20000-") == .ranges([0..<10]))
    #expect(ranges("bytes=20000-,30000-30001,-0") == .unsatisfiable)
  }

  @Test func oneMalformedRangeSpoilsTheHeader() {
    for header in ["bytes=0-9,x", "bytes=0-9,9-5", "bytes=0-9,1", "bytes=0-9,--3", "bytes=,"] {
      #expect(ranges(header) == .ignored, "\(header)")
    }
    // RFC 9110 §5.6.1: empty elements of a list are skipped.
    #expect(ranges("bytes=,0-9,") == .ranges([0..<10]))
  }

  @Test func moreRangesThanAnybodyNeedsAreIgnored() {
    func many(_ count: Int) -> String {
      "bytes=" + (0..<count).map { "\($0 * 300)-\($0 * 300 + 9)" }.joined(separator: ",")
    }
    guard case .ranges(let ranges) = ranges(many(32)) else {
      Issue.record("32 are allowed")
      return
    }
    #expect(ranges.count == 32)
    #expect(self.ranges(many(33)) == .ignored)
    #expect(self.ranges("bytes=" + String(repeating: "0-,", count: 5000)) == .ignored)
  }

  @Test func noAnswerCarriesMoreThanTheFile() {
    for header in ["bytes=0-,0-,0-", "bytes=0-4999,5000-9999", "bytes=0-,-10000"] {
      #expect(ranges(header) == .ranges([0..<Self.size]), "\(header)")
    }
  }

  @Test func whateverIsAskedTheRangesAreInTheFileAndApart() {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<3000 {
      let parts = (0..<Int.random(in: 1...8, using: &random)).map { _ in
        let first = Int.random(in: 0...12_000, using: &random)
        return switch Int.random(in: 0...2, using: &random) {
        case 0: "\(first)-"
        case 1: "-\(first)"
        default: "\(first)-\(first + Int.random(in: 0...3000, using: &random))"
        }
      }
      guard case .ranges(let ranges) = ranges("bytes=" + parts.joined(separator: ",")) else {
        continue
      }
      let sorted = ranges.sorted { $0.lowerBound < $1.lowerBound }
      #expect(!ranges.isEmpty && ranges.allSatisfy { !$0.isEmpty && $0.upperBound <= Self.size })
      #expect(
        zip(sorted, sorted.dropFirst()).allSatisfy { $0.upperBound + 128 < $1.lowerBound })
    }
  }
}
