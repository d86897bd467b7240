/// Power: HTTPS to BMCs and vCenters.

import AsyncHTTPClient
import Crypto
package import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// HTTP clients, one for each trust; connections to one BMC are kept for a few seconds.
package final class WebClients: Sendable {
  private let group: any EventLoopGroup
  /// Most recently used last.
  private let clients = Mutex<[WebClient]>([])
  /// Each BMC with a pinned certificate needs a client of its own.
  private static let limit = 64

  package init(group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton) {
    self.group = group
  }

  func client(for trust: CertificateTrust) -> WebClient {
    clients.withLock { clients in
      let client: WebClient
      if let index = clients.firstIndex(where: { $0.trust == trust }) {
        client = clients.remove(at: index)
      } else {
        client = WebClient(trust, group: group)
      }
      clients.append(client)
      if clients.count > Self.limit { clients.removeFirst() }
      return client
    }
  }
}

/// Lives as long as somebody uses it, and is shut down then.
final class WebClient: Sendable {
  let trust: CertificateTrust
  let http: HTTPClient

  /// Until the connection stands, certificate and all.
  static let connectLimit = TimeAmount.seconds(5)

  init(_ trust: CertificateTrust, group: any EventLoopGroup) {
    self.trust = trust
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.decompression = .disabled
    configuration.httpVersion = .http1Only
    configuration.timeout.connect = Self.connectLimit
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.connectionPool.idleTimeout = .seconds(5)
    // BMCs have few sessions and little patience.
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1
    var tls = TLSConfiguration.makeClientConfiguration()
    if case .pinned(let fingerprint) = trust {
      // The chain says nothing; the fingerprint, checked before the first request, says all.
      tls.certificateVerification = .none
      configuration.http1_1ConnectionDebugInitializer = { channel in
        Self.check(channel, against: fingerprint)
      }
    }
    configuration.tlsConfiguration = tls
    http = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
  }

  deinit {
    http.shutdown { _ in }
  }

  /// Runs when the connection stands and before anything is sent over it.
  private static func check(
    _ channel: any Channel, against wanted: CertificateFingerprint
  ) -> EventLoopFuture<Void> {
    channel.eventLoop.submit {
      // Without TLS there is no certificate; the address says so and the operator wrote it.
      guard let tls = try? channel.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)
      else { return }
      guard let certificate = tls.peerCertificate,
        let found = CertificateFingerprint(
          bytes: Array(SHA256.hash(data: try certificate.toDERBytes())))
      else { throw CertificateMismatch(found: nil) }
      guard found == wanted else { throw CertificateMismatch(found: found) }
    }.flatMapError { error in
      channel.close(promise: nil)
      return channel.eventLoop.makeFailedFuture(error)
    }
  }
}

/// The peer showed another certificate than the pinned one.
struct CertificateMismatch: Error {
  var found: CertificateFingerprint?
}
