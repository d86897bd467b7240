/// Tests of Images: heads, versions and half-done downloads to try things on.

@testable import Images

struct DownloadBench {
  static let tag = "\"one\""
  let url: RemoteURL

  init() throws {
    url = try RemoteURL("http://mirror/vmlinuz")
  }

  func version(
    _ tag: String? = Self.tag, total: Int? = 100, date: String? = nil
  ) -> ImageVersion {
    ImageVersion(entityTag: tag, lastModified: date, contentType: nil, total: total)
  }

  func head(
    _ status: Int = 200, tag: String? = Self.tag, length: Int? = 100,
    range: ContentRange? = nil, date: String? = nil
  ) -> UpstreamHead {
    var head = UpstreamHead(status: status)
    head.entityTag = tag
    head.contentLength = length
    head.contentRange = range
    head.lastModified = date
    return head
  }

  func rest(_ first: Int, _ size: Int? = 100) -> ContentRange {
    ContentRange(bytes: first..<(size ?? 100), size: size)
  }

  /// A download with 40 of 100 bytes.
  func half(tag: String? = Self.tag, date: String? = nil) -> ImageDownload {
    var download = ImageDownload(url: url)
    _ = download.start(.nothing)
    _ = download.receive(head(tag: tag, date: date))
    _ = download.received(40)
    return download
  }

  let trouble = RemoteImageError(.upstream, url: "http://mirror/vmlinuz", "it broke")

  func failed(_ effect: ImageDownload.Effect) -> (RemoteImageError.Kind, Bool)? {
    guard case .fail(let error, let keepsPart) = effect else { return nil }
    return (error.kind, keepsPart)
  }

  func leftover(_ bytes: Int, total: Int? = 100) -> ImageDownload.Before {
    .part(ImageDownload.Part(version: version(total: total), bytes: bytes))
  }
}
