/// Images: one reader of the cache: which bytes it gets, and how.

import Crypto
import NIOCore

/// Turns the stage of a download into the answer for one client.
struct CacheReader: Sendable {
  let wish: ImageWish
  let progress: DownloadProgress
  let upstream: any ImageUpstream
  /// Told of an image whose hash is not the expected one.
  let spoiled: @Sendable (CacheName) async -> Void

  /// nil when it is to be streamed past the cache.
  func image(from stage: DownloadProgress.Stage) throws(RemoteImageError) -> RemoteImage? {
    switch stage {
    case .asking, .passThrough:
      return nil
    case .failed(let error):
      throw error
    case .following(let version, _, _), .spilled(let version, _, _, _):
      return try answer(version, size: version.total, stored: nil)
    case .whole(let stored, let image):
      if let digest = wish.digest, digest != stored.digest {
        throw RemoteImageError(mismatch: wish.url, stored.digest, expected: digest)
      }
      return try answer(stored.version, size: stored.size, stored: image)
    }
  }

  private func answer(
    _ version: ImageVersion, size: Int?, stored: OpenImage?
  ) throws(RemoteImageError) -> RemoteImage {
    let part = try version.part(of: size, for: wish)
    var image = RemoteImage(version, size: size, part: part)
    let whole = 0..<(size ?? 0)
    if wish.head { return image }
    image.stored = stored.map {
      RemoteImage.StoredPart(image: $0, ranges: [part ?? whole])
    }
    if stored != nil, case .parts(let ranges) = version.answer(to: wish.conditions, size: size) {
      image.status = 206
      image.contentLength = nil
      image.stored?.ranges = ranges
    }
    image.body = RemoteImageBody(
      source: FollowingSource(
        self, position: part?.lowerBound ?? 0, end: part?.upperBound ?? size))
    return image
  }

  /// The rest of an image that did not fit on the disk, from `start` on.
  func rest(_ version: ImageVersion, from start: Int) async throws -> (any ByteSource, skip: Int) {
    guard start > 0 else {
      let response = try await upstream.fetch(UpstreamRequest(url: wish.url, proxy: wish.proxy))
      let head = response.head
      if let trouble = head.trouble(wish.url) { throw trouble }
      let isSame = version.strongValidator == nil || version.isSame(as: head.version)
      guard head.status == 200, isSame else { throw changed }
      return (response.body, 0)
    }
    guard let validator = version.strongValidator else {
      throw RemoteImageError(
        .disk, wish.url, "the disk is full, and the server can't send the rest alone")
    }
    let response = try await upstream.fetch(
      UpstreamRequest(
        url: wish.url, proxy: wish.proxy,
        conditions: UpstreamConditions(range: "bytes=\(start)-", ifRange: validator)))
    let head = response.head
    switch head.status {
    case 206 where head.contentRange?.bytes?.lowerBound == start: return (response.body, 0)
    case 200 where version.isSame(as: head.version): return (response.body, start)
    default: throw head.trouble(wish.url) ?? changed
    }
  }

  private var changed: RemoteImageError {
    RemoteImageError(.changed, wish.url, "the server has another file now than a moment ago")
  }
}
