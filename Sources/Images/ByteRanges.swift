/// Images: the Range header of HTTP, read for a file of known length.

import Foundation

/// `Range: bytes=…` (RFC 9110 §14.1.2, §14.2).
package enum ByteRanges: Equatable, Sendable {
  /// The header is to be ignored: another unit, malformed, or more than is good for anybody.
  case ignored
  /// None of them is in the file.
  case unsatisfiable
  /// In the order of the header, none overlapping another, at least one.
  case ranges([Range<Int>])

  /// No installer asks for more at once. With more the header is ignored (RFC 9110 §14.2: a server
  /// may ignore many small or overlapping ranges).
  static let most = 32

  /// Two ranges with no more than that between them are one: a part of its own costs about as many
  /// bytes (RFC 9110 §15.3.7.2).
  static let gap = 128

  package init(_ header: String, size: Int) {
    let value = header.filter { $0 != " " && $0 != "\t" }
    guard value.lowercased().hasPrefix("bytes=") else {
      self = .ignored
      return
    }
    var ranges: [Range<Int>] = []
    let list = value.dropFirst(6).split(separator: ",", maxSplits: Self.most)
    guard !list.isEmpty, list.count <= Self.most else {
      self = .ignored
      return
    }
    for text in list {
      switch Self.one(text, size) {
      case .malformed:
        self = .ignored
        return
      case .outside: continue
      case .inside(let range): ranges.append(range)
      }
    }
    let joined = Self.joined(ranges)
    // As many bytes as the file has are better sent as the file.
    guard joined.count < 2 || joined.reduce(0, { $0 + $1.count }) < size else {
      self = .ignored
      return
    }
    self = joined.isEmpty ? .unsatisfiable : .ranges(joined)
  }

  private enum One {
    case malformed
    case outside
    case inside(Range<Int>)
  }

  private static func one(_ text: Substring, _ size: Int) -> One {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2 else { return .malformed }
    switch (position(ends[0]), position(ends[1])) {
    case (.absent, .at(let suffix)):
      return suffix > 0 && size > 0 ? .inside(max(0, size - suffix)..<size) : .outside
    case (.at(let first), .absent):
      return first < size ? .inside(first..<size) : .outside
    case (.at(let first), .at(let last)):
      guard first <= last else { return .malformed }
      return first < size ? .inside(first..<(min(last, size - 1) + 1)) : .outside
    default:
      return .malformed
    }
  }

  private enum Position {
    case absent
    case at(Int)
    case malformed
  }

  /// A position beyond what an integer holds is beyond every file too.
  private static func position(_ text: Substring) -> Position {
    if text.isEmpty { return .absent }
    guard text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return .malformed }
    return .at(Int(text) ?? Int.max)
  }

  /// Each range that touches an earlier one goes into that one.
  private static func joined(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    for range in ranges {
      var range = range
      var place = result.count
      while let index = result.firstIndex(where: { touches($0, range) }) {
        let other = result.remove(at: index)
        range = min(range.lowerBound, other.lowerBound)..<max(range.upperBound, other.upperBound)
        place = min(place, index)
      }
      result.insert(range, at: min(place, result.count))
    }
    return result
  }

  private static func touches(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
    let (first, second) = one.lowerBound <= other.lowerBound ? (one, other) : (other, one)
    return second.lowerBound <= first.upperBound
      || second.lowerBound - first.upperBound <= gap
  }
}
