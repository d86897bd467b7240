/// Images: what is asked of a remote image.

/// One request for one image.
package struct RemoteImageRequest: Equatable, Sendable {
  package var url: String
  /// An HTTP proxy, `http://[user:password@]host:port`; empty is none.
  package var proxy: String?
  /// 64 hex digits; checked before the last block is given out.
  package var sha256: String?
  /// `Range`, `If-Range`, `If-None-Match` and `If-Modified-Since` of the client.
  package var conditions: FileRequest
  package var head: Bool

  package init(
    url: String, proxy: String? = nil, sha256: String? = nil,
    conditions: FileRequest = FileRequest(), head: Bool = false
  ) {
    self.url = url
    self.proxy = proxy
    self.sha256 = sha256
    self.conditions = conditions
    self.head = head
  }
}

/// The same, read and checked.
struct ImageWish: Equatable, Sendable {
  var url: RemoteURL
  var proxy: RemoteURL?
  var digest: ImageDigest?
  var conditions: FileRequest
  var head: Bool

  init(_ request: RemoteImageRequest) throws(RemoteImageError) {
    url = try RemoteURL(request.url)
    if let text = request.proxy, !text.isEmpty {
      // A bare host:port is what many write.
      let proxy = try RemoteURL(text.contains("://") ? text : "http://\(text)")
      guard proxy.scheme == "http" else {
        throw RemoteImageError(.unusable, proxy, "only an http proxy can be used")
      }
      self.proxy = proxy
    }
    if let text = request.sha256, !text.isEmpty {
      guard let digest = ImageDigest(text) else {
        throw RemoteImageError(.unusable, url, "its sha256 is not 64 hex digits")
      }
      self.digest = digest
    }
    // RFC 9110 §14.2: a range is for GET only.
    conditions = request.conditions
    if request.head {
      conditions.range = nil
      conditions.ifRange = nil
    }
    head = request.head
  }
}
