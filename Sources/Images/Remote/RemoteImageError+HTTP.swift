/// Images: what went wrong on the way to a mirror, as a clause for people.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix

extension RemoteImageError {
  init(fetching url: RemoteURL, proxy: RemoteURL?, _ limit: StallLimit, _ error: any Error) {
    let through = proxy.map { " (through the proxy \($0))" } ?? ""
    switch error {
    case let error as RemoteImageError:
      self = error
    case is CancellationError:
      self.init(.cancelled, url, "it is no longer wanted")
    case let error as HTTPClientError where error == .cancelled:
      self.init(.cancelled, url, "it is no longer wanted")
    case is StallLimit.Stalled:
      self.init(.upstream, url, "no byte came for \(limit.duration)\(through)")
    default:
      self.init(.upstream, url, Self.clause(error) + through)
    }
  }

  private static func clause(_ error: any Error) -> String {
    switch error {
    case let error as HTTPClientError:
      switch error {
      case .connectTimeout: "no connection in time"
      case .remoteConnectionClosed: "the connection broke off"
      case .proxyAuthenticationRequired: "the proxy wants a name and a password"
      case .invalidProxyResponse: "the proxy refused"
      default: error.shortDescription
      }
    case let error as NIOConnectionError:
      if let first = error.connectionErrors.first {
        clause(first.error)
      } else {
        "the host \(error.host) is not known"
      }
    case let error as IOError:
      String(cString: strerror(error.errnoCode)).lowercased()
    default:
      tlsClause("\(error)") ?? "\(error)"
    }
  }

  /// BoringSSL's errors have no other form than their text.
  private static func tlsClause(_ text: String) -> String? {
    if text.contains("CERTIFICATE_VERIFY_FAILED") {
      return "the certificate of the server is not trusted"
    }
    if text.contains("failedToValidateHostname") {
      return "the certificate of the server is for another name"
    }
    return text.contains("handshakeFailed") ? "the TLS handshake failed" : nil
  }
}
