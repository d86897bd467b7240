/// Images: which part of a file an answer has.

/// `bytes 0-99/1000`, `bytes 0-99/*` or `bytes */1000` (RFC 9110 §14.4).
package struct ContentRange: Equatable, Sendable {
  /// nil in an answer that says that there is no such range.
  package var bytes: Range<Int>?
  /// nil for `*`.
  package var size: Int?

  package init(bytes: Range<Int>?, size: Int?) {
    self.bytes = bytes
    self.size = size
  }

  /// nil when it is not valid: a last byte before the first, or beyond the size.
  package init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
    let parts = words[1].split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    if parts[1] != "*" {
      guard let size = Self.number(parts[1]) else { return nil }
      self.size = size
    }
    if parts[0] == "*" {
      guard size != nil else { return nil }
      return
    }
    let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]),
      first <= last, last < Int.max, size.map({ last < $0 }) ?? true
    else { return nil }
    bytes = first..<(last + 1)
  }

  private static func number(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
  }
}

extension ContentRange: CustomStringConvertible {
  package var description: String {
    let range = bytes.map { "\($0.lowerBound)-\($0.upperBound - 1)" } ?? "*"
    return "bytes \(range)/\(size.map(String.init) ?? "*")"
  }
}
