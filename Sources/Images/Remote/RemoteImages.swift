/// Images: the door to remote images, through the cache where there is one.

package import NIOCore

/// Opens images of mirrors for clients.
package struct RemoteImages: Sendable {
  private let upstream: any ImageUpstream
  let cache: ImageCache?

  /// `upstream` follows redirects, or does not need to.
  package init(upstream: any ImageUpstream, cache: ImageCache? = nil) {
    self.upstream = upstream
    self.cache = cache
  }

  /// Over HTTP; without `settings` each request is streamed from the mirror.
  package init(
    group: any EventLoopGroup, limits: HTTPUpstream.Limits = HTTPUpstream.Limits(),
    cache settings: ImageCache.Settings? = nil
  ) async throws(ImageCache.Unusable) {
    upstream = RedirectingUpstream(HTTPUpstream(group: group, limits: limits))
    if let settings {
      cache = try await ImageCache(settings, upstream: upstream)
    } else {
      cache = nil
    }
  }

  package func open(
    _ request: RemoteImageRequest
  ) async throws(RemoteImageError) -> RemoteImage {
    let wish = try ImageWish(request)
    if let image = try await cache?.open(wish) { return image }
    return try await stream(wish)
  }

  /// Ends downloads into the cache; what they have is kept for another time.
  package func shutdown() async {
    await cache?.shutdown()
  }

  /// Straight from the mirror. A hash needs the whole body, so a range is cut out of it here then.
  private func stream(_ wish: ImageWish) async throws(RemoteImageError) -> RemoteImage {
    var request = UpstreamRequest(url: wish.url, proxy: wish.proxy, head: wish.head)
    request.conditions.ifNoneMatch = wish.conditions.ifNoneMatch
    request.conditions.ifModifiedSince = wish.conditions.ifModifiedSince
    if wish.digest == nil {
      request.conditions.range = wish.conditions.range
      request.conditions.ifRange = wish.conditions.ifRange
    }
    let response = try await upstream.fetch(request)
    let head = response.head
    switch head.status {
    case 200:
      return try cut(response, wish)
    case 206 where request.conditions.range != nil:
      guard let range = head.contentRange, let bytes = range.bytes else { break }
      // The mirror was asked for the range only; what else the client insists on is judged here.
      var rest = wish
      rest.conditions.range = nil
      _ = try head.version.part(of: range.size, for: rest)
      var image = RemoteImage(head.version, size: range.size, part: bytes)
      image.status = 206
      image.contentRange = "\(range)"
      image.body = body(response.body, wish, skip: 0, count: bytes.count)
      return image
    case 304:
      throw RemoteImageError(.notModified(entityTag: head.entityTag), wish.url, "it is unchanged")
    case 416 where request.conditions.range != nil:
      guard let size = head.contentRange?.size else { break }
      throw RemoteImageError(.unsatisfiable(size: size), wish.url, "the range is not in it")
    default:
      break
    }
    throw head.trouble(wish.url)
      ?? RemoteImageError(.upstream, wish.url, "the answer made no sense")
  }

  private func cut(
    _ response: UpstreamResponse, _ wish: ImageWish
  ) throws(RemoteImageError) -> RemoteImage {
    let version = response.head.version
    let part = try version.part(of: version.total, for: wish)
    var image = RemoteImage(version, size: version.total, part: part)
    guard !wish.head else { return image }
    image.body = body(
      response.body, wish, skip: part?.lowerBound ?? 0, count: part?.count ?? version.total)
    return image
  }

  private func body(
    _ source: any ByteSource, _ wish: ImageWish, skip: Int, count: Int?
  ) -> RemoteImageBody {
    let check = wish.digest.map { SlicedSource.Check(expected: $0) }
    return RemoteImageBody(
      source: SlicedSource(source, url: wish.url, skip: skip, count: count, check: check))
  }
}

extension ImageVersion {
  /// The bytes that a wish is about; nil is all.
  func part(of size: Int?, for wish: ImageWish) throws(RemoteImageError) -> Range<Int>? {
    switch answer(to: wish.conditions, size: size) {
    // Several ranges may be answered with the whole (RFC 9110 §14.2).
    case .whole, .parts: return nil
    case .part(let range): return range
    case .notModified:
      throw RemoteImageError(.notModified(entityTag: entityTag), wish.url, "it is unchanged")
    case .preconditionFailed:
      throw RemoteImageError(.changed, wish.url, "it is another one now")
    case .unsatisfiable:
      throw RemoteImageError(
        .unsatisfiable(size: size ?? 0), wish.url, "the range is not in its \(size ?? 0) bytes")
    }
  }
}

extension RemoteImage {
  /// The head, with an empty body.
  init(_ version: ImageVersion, size: Int?, part: Range<Int>?) {
    status = part == nil ? 200 : 206
    contentType = version.contentType
    contentLength = part?.count ?? size
    contentRange = part.map { "\(ContentRange(bytes: $0, size: size))" }
    entityTag = version.entityTag
    lastModified = version.lastModified
    body = RemoteImageBody(source: EmptySource())
  }
}

extension RemoteImageError {
  /// Whatever a body threw.
  init(reading url: RemoteURL, _ error: any Error) {
    switch error {
    case let error as RemoteImageError: self = error
    case is CancellationError: self.init(.cancelled, url, "it is no longer wanted")
    case let error as DiskTrouble: self.init(.disk, url, "\(error)")
    default: self.init(.upstream, url, "\(error)")
    }
  }
}
