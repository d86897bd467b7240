/// Images: where remote images come from.

/// One exchange with a mirror. Redirects are answers like others here.
package protocol ImageUpstream: Sendable {
  /// Throws when no head arrives; any status is an answer.
  func fetch(_ request: UpstreamRequest) async throws(RemoteImageError) -> UpstreamResponse
}

package struct UpstreamRequest: Equatable, Sendable {
  package var url: RemoteURL
  package var proxy: RemoteURL?
  package var head = false
  package var conditions = UpstreamConditions()
}

/// The header fields that make a request depend on what is already here.
package struct UpstreamConditions: Equatable, Sendable {
  package var range: String?
  package var ifRange: String?
  package var ifNoneMatch: String?
  package var ifModifiedSince: String?
}

package struct UpstreamResponse: Sendable {
  package var head: UpstreamHead
  package var body: any ByteSource
}

package struct UpstreamHead: Equatable, Sendable {
  package var status: Int
  package var contentType: String?
  package var contentLength: Int?
  package var contentRange: ContentRange?
  package var entityTag: String?
  package var lastModified: String?
  package var cacheControl: String?
  package var age: Int?
  package var location: String?

  package init(status: Int) {
    self.status = status
  }

  /// The image of which this answer is all or a part.
  var version: ImageVersion {
    ImageVersion(
      entityTag: entityTag, lastModified: lastModified, contentType: contentType,
      total: status == 206 ? contentRange?.size : contentLength)
  }

  /// nil for an answer that has an image.
  func trouble(_ url: RemoteURL) -> RemoteImageError? {
    switch status {
    case 200, 206, 304: nil
    case 404, 410:
      RemoteImageError(.notFound, url, "the server says \(status), there is no such file")
    default:
      RemoteImageError(.upstream, url, "the server answered with status \(status)")
    }
  }
}
