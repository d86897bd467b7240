/// Images: redirects of a mirror, followed.

/// Follows up to ten redirects (RFC 9110 §15.4). Credentials go only where they belong to.
package struct RedirectingUpstream: ImageUpstream {
  package static let limit = 10

  let inner: any ImageUpstream

  package init(_ inner: any ImageUpstream) {
    self.inner = inner
  }

  package func fetch(
    _ request: UpstreamRequest
  ) async throws(RemoteImageError) -> UpstreamResponse {
    var request = request
    let origin = request.url
    for _ in 0...Self.limit {
      let response = try await inner.fetch(request)
      guard [301, 302, 303, 307, 308].contains(response.head.status) else { return response }
      guard let location = response.head.location else {
        throw RemoteImageError(
          .upstream, origin,
          "the server answered with status \(response.head.status) and no Location")
      }
      guard let next = request.url.redirected(to: location) else {
        let shown = RemoteURL.hidingCredentials(location)
        throw RemoteImageError(
          .upstream, origin, "the server sent us on to «\(shown)», which is not an http URL")
      }
      request.url = next
    }
    throw RemoteImageError(
      .upstream, origin, "it was redirected more than \(Self.limit) times")
  }
}
