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
    /// 206 with `multipart/byteranges`: two ranges or more, none overlapping another.
    case parts([Range<Int>])
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
    switch ByteRanges(range, size: file.size) {
    case .ignored: return .whole
    case .unsatisfiable: return .unsatisfiable
    case .ranges(let ranges):
      return ranges.count == 1 ? ranges.first.map(Answer.part) ?? .whole : .parts(ranges)
    }
  }

  private func ifRangeHolds(_ file: ImageFile) -> Bool {
    guard let ifRange else { return true }
    if ifRange.hasPrefix("\"") { return ifRange == file.entityTag }
    return HTTPDate(ifRange)?.date == file.modified
  }

  private static func list(_ header: String) -> [String] {
    header.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// If-None-Match compares weakly (RFC 9110 §13.1.2).
  private static func weak(_ tag: String) -> String {
    tag.hasPrefix("W/") ? String(tag.dropFirst(2)) : tag
  }
}
