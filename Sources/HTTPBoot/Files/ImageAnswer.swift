/// HTTPBoot: the answer to a request for a file, decided without a connection.

import Images

/// Status, headers and what the body is made of (RFC 9110 §13, §14, §15.3.7).
struct ImageAnswer: Equatable {
  enum Part: Equatable {
    case text(String)
    /// Bytes of the file.
    case file(Range<Int>)

    var count: Int {
      switch self {
      case .text(let text): text.utf8.count
      case .file(let range): range.count
      }
    }
  }

  struct Header: Equatable {
    var name: String
    var value: String
  }

  var status: Int
  var headers: [Header]
  var parts: [Part]
  /// Bytes of the file that it carries, from the first to the last; nil for none.
  var range: Range<Int>?

  /// `boundary` stands between the parts of an answer with several ranges: it must not be in the file,
  /// so it is random.
  init(
    to request: FileRequest, isHead: Bool, of file: ImageFile, lastModified: String,
    boundary: @autoclosure () -> String
  ) {
    var question = request
    // RFC 9110 §14.2: a range is for GET alone.
    if isHead { question.range = nil }
    let size = file.size
    headers = [
      Header(name: "ETag", value: file.entityTag),
      Header(name: "Last-Modified", value: lastModified),
      Header(name: "Accept-Ranges", value: "bytes"),
      Header(name: "Cache-Control", value: "public, max-age=604800"),
    ]
    parts = []
    switch question.answer(for: file) {
    case .notModified:
      status = 304
      return
    case .unsatisfiable:
      status = 416
      headers.append(Header(name: "Content-Range", value: "bytes */\(size)"))
      refuse("the file has \(size) bytes")
    case .preconditionFailed:
      status = 412
      refuse("the image is another one now")
    case .whole:
      status = 200
      headers.append(Header(name: "Content-Type", value: file.contentType))
      give([.file(0..<size)], 0..<size)
    case .part(let range):
      status = 206
      headers.append(Header(name: "Content-Range", value: Self.contentRange(range, size)))
      headers.append(Header(name: "Content-Type", value: file.contentType))
      give([.file(range)], range)
    case .parts(let ranges):
      status = 206
      give(ranges, of: file, boundary())
    }
    headers.append(
      Header(name: "Content-Length", value: String(parts.reduce(0) { $0 + $1.count })))
    if isHead { parts = [] }
  }

  private mutating func refuse(_ sentence: String) {
    headers.append(Header(name: "Content-Type", value: "text/plain; charset=utf-8"))
    parts = [.text(sentence + "\n")]
  }

  private mutating func give(_ parts: [Part], _ range: Range<Int>) {
    self.parts = parts
    self.range = range
  }

  private mutating func give(_ ranges: [Range<Int>], of file: ImageFile, _ boundary: String) {
    headers.append(Header(name: "Content-Type", value: Self.multipart(boundary)))
    // The first byte and the last one are not the whole file.
    let hull = Self.hull(of: ranges)
    give(
      Self.parts(ranges, ofBytes: file.size, file.contentType, boundary),
      hull == 0..<file.size ? ranges[0] : hull)
  }

  static func multipart(_ boundary: String) -> String {
    "multipart/byteranges; boundary=\(boundary)"
  }

  /// The body of an answer with several ranges (RFC 9110 §14.6).
  static func parts(
    _ ranges: [Range<Int>], ofBytes size: Int, _ contentType: String, _ boundary: String
  ) -> [Part] {
    var parts: [Part] = []
    for range in ranges {
      parts.append(
        .text(
          "\r\n--\(boundary)\r\nContent-Type: \(contentType)\r\nContent-Range: "
            + contentRange(range, size) + "\r\n\r\n"))
      parts.append(.file(range))
    }
    return parts + [.text("\r\n--\(boundary)--\r\n")]
  }

  /// From the first byte of all to the last.
  static func hull(of ranges: [Range<Int>]) -> Range<Int> {
    let first = ranges.map(\.lowerBound).min() ?? 0
    return first..<max(first, ranges.map(\.upperBound).max() ?? first)
  }

  private static func contentRange(_ range: Range<Int>, _ size: Int) -> String {
    "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
  }

  /// A new one.
  static var boundary: String {
    "fino-" + (0..<2).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }.joined()
  }
}
