/// Images: which part of a file an HTTP request gets, decided without a socket.

import Foundation

/// The conditional and range headers of a GET or HEAD (RFC 9110 §13 and §14).
package struct FileRequest: Equatable, Sendable {
  package var range: String?
  package var ifRange: String?
  package var ifMatch: String?
  package var ifUnmodifiedSince: String?
  package var ifNoneMatch: String?
  package var ifModifiedSince: String?

  package init(
    range: String? = nil, ifRange: String? = nil, ifNoneMatch: String? = nil,
    ifModifiedSince: String? = nil, ifMatch: String? = nil, ifUnmodifiedSince: String? = nil
  ) {
    self.ifMatch = ifMatch
    self.ifUnmodifiedSince = ifUnmodifiedSince
    self.range = range
    self.ifRange = ifRange
    self.ifNoneMatch = ifNoneMatch
    self.ifModifiedSince = ifModifiedSince
  }

  package enum Answer: Equatable, Sendable {
    /// 200, the whole file.
    case whole
    /// 206, these bytes.
    case part(Range<Int>)
    /// 304
    case notModified
    /// 416
    case unsatisfiable
    /// 412: the client has a part of another file.
    case preconditionFailed
  }

  package func answer(for file: ImageFile) -> Answer {
    // RFC 9110 §13.2.2: first what the client insists on (EDK2 resumes a download so), a strong tag
    // or, without one, a date.
    if let tags = ifMatch {
      guard Self.list(tags).contains(where: { $0 == "*" || $0 == file.entityTag }) else {
        return .preconditionFailed
      }
    } else if let since = ifUnmodifiedSince.flatMap(HTTPDate.init), file.modified > since.date {
      return .preconditionFailed
    }
    // If-None-Match hides If-Modified-Since.
    if let tags = ifNoneMatch {
      if Self.list(tags).contains(where: { $0 == "*" || Self.weak($0) == file.entityTag }) {
        return .notModified
      }
    } else if let since = ifModifiedSince.flatMap(HTTPDate.init), file.modified <= since.date {
      return .notModified
    }
    guard let range, ifRangeHolds(file) else { return .whole }
    return Self.part(range, of: file.size)
  }

  private func ifRangeHolds(_ file: ImageFile) -> Bool {
    guard let ifRange else { return true }
    if ifRange.hasPrefix("\"") { return ifRange == file.entityTag }
    return HTTPDate(ifRange)?.date == file.modified
  }

  /// One range of bytes (RFC 9110 §14.1.2). Several ranges, or a unit that is not bytes, may be
  /// answered with the whole file (§14.2).
  private static func part(_ header: String, of size: Int) -> Answer {
    let value = header.filter { $0 != " " && $0 != "\t" }
    guard value.lowercased().hasPrefix("bytes=") else { return .whole }
    let ends = value.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, !value.contains(",") else { return .whole }
    switch (position(ends[0]), position(ends[1])) {
    case (.absent, .at(let suffix)):
      guard suffix > 0, size > 0 else { return .unsatisfiable }
      return .part(max(0, size - suffix)..<size)
    case (.at(let first), .absent):
      return first < size ? .part(first..<size) : .unsatisfiable
    case (.at(let first), .at(let last)):
      guard first <= last else { return .whole }
      return first < size ? .part(first..<(min(last, size - 1) + 1)) : .unsatisfiable
    default:
      return .whole
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

  private static func list(_ header: String) -> [String] {
    header.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// If-None-Match compares weakly (RFC 9110 §13.1.2).
  private static func weak(_ tag: String) -> String {
    tag.hasPrefix("W/") ? String(tag.dropFirst(2)) : tag
  }
}
