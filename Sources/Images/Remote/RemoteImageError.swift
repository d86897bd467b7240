/// Images: why a remote image could not be given out.

/// One clear sentence with the URL, in which no password is shown.
package struct RemoteImageError: Error, Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// The mirror says that there is no such file: 404.
    case notFound
    /// The URL, the proxy or the hash that we were given is none: 500.
    case unusable
    /// The asked range is not in the image: 416 with `bytes */size`.
    case unsatisfiable(size: Int)
    /// The conditions of the request say that the client has it already: 304.
    case notModified(entityTag: String?)
    /// Not reached, too slow, broken off, or an answer that makes no sense: 502.
    case upstream
    /// The SHA-256 is not the expected one: 502, or an end before the last block.
    case mismatch
    /// Upstream has another file now than when this body began: 502.
    case changed
    /// The own disk: reading or writing the cache: 500.
    case disk
    /// Nobody waits for it any more, or the appliance stops: 503.
    case cancelled
  }

  package var kind: Kind

  /// The HTTP status for the client, when the body has not begun.
  package var status: Int {
    switch kind {
    case .notFound: 404
    case .notModified: 304
    case .unsatisfiable: 416
    case .upstream, .mismatch, .changed: 502
    case .unusable, .disk: 500
    case .cancelled: 503
    }
  }

  /// Credentials hidden.
  package var url: String
  /// A clause that goes on after the URL.
  package var reason: String

  package init(_ kind: Kind, url: String, _ reason: String) {
    self.kind = kind
    self.url = url
    self.reason = reason
  }

  init(_ kind: Kind, _ url: RemoteURL, _ reason: String) {
    self.init(kind, url: "\(url)", reason)
  }
}

extension RemoteImageError: CustomStringConvertible {
  package var description: String {
    switch kind {
    case .unusable: "the image URL «\(url)» can't be used: \(reason)"
    case .disk: "the image cache can't hold «\(url)»: \(reason)"
    default: "the image «\(url)» could not be fetched: \(reason)"
    }
  }
}
