/// Images: a remote image that is being given out.

import Foundation

/// The head of the answer and its body. The body may begin before the image is here.
package struct RemoteImage: Sendable {
  /// 200 or 206.
  package var status: Int
  package var contentType: String?
  /// Of this answer; nil when upstream does not say.
  package var contentLength: Int?
  /// `bytes 0-9/100`, with status 206.
  package var contentRange: String?
  package var entityTag: String?
  package var lastModified: String?
  package var body: RemoteImageBody
  /// Set when the image lies whole in the cache: it can go out by sendfile, then instead of `body`.
  package var stored: StoredPart?

  package struct StoredPart: Sendable {
    package var image: OpenImage
    /// One, or several that were asked for in one request (then `status` is 206, and the length and
    /// the range of the answer are not set).
    package var ranges: [Range<Int>]
  }
}

/// What upstream says an image is: the validators by which two answers are known to be one file.
struct ImageVersion: Equatable, Sendable, Codable {
  var entityTag: String?
  var lastModified: String?
  var contentType: String?
  /// All bytes, where upstream says it.
  var total: Int?

  /// For `If-Range` (RFC 9110 §13.1.5): a strong tag, else the date.
  var strongValidator: String? {
    if let entityTag, entityTag.hasPrefix("\"") { return entityTag }
    return lastModified
  }

  /// True when both are surely the same bytes.
  func isSame(as other: ImageVersion) -> Bool {
    if let total, let theirs = other.total, total != theirs { return false }
    if let entityTag, let theirs = other.entityTag {
      return entityTag == theirs && entityTag.hasPrefix("\"")
    }
    guard let lastModified, let theirs = other.lastModified else { return false }
    return lastModified == theirs
  }

  /// What the client's conditions say; nil when they can't be judged without knowing the length.
  func answer(to conditions: FileRequest, size: Int?) -> FileRequest.Answer {
    var question = conditions
    if entityTag == nil { question.ifNoneMatch = nil }
    let date = lastModified.flatMap(HTTPDate.init)
    if date == nil { question.ifModifiedSince = nil }
    // RFC 9110 §14.2: a range may be ignored, and must be where the length is not known.
    if size == nil { question.range = nil }
    return question.answer(
      for: ImageFile(
        path: "", size: size ?? 0, modified: date?.date ?? .distantPast,
        entityTag: entityTag ?? ""))
  }
}
