/// Images: mirrors asked over HTTP and HTTPS.

import AsyncHTTPClient
package import NIOCore
import NIOHTTP1
import Synchronization

/// AsyncHTTPClient, one client for each proxy. Bodies come as they are read.
package final class HTTPUpstream: ImageUpstream {
  package struct Limits: Sendable {
    /// Until the connection stands.
    package var connect: Duration = .seconds(10)
    /// Until the head, and between two pieces of a body.
    package var stall = StallLimit(.seconds(30))
    /// Clients for different proxies that are kept.
    package var proxies = 16

    package init() {}
  }

  private let limits: Limits
  private let group: any EventLoopGroup
  /// Most recently used last.
  private let clients = Mutex<[ClientForProxy]>([])

  package init(group: any EventLoopGroup, limits: Limits = Limits()) {
    self.group = group
    self.limits = limits
  }

  package func fetch(
    _ request: UpstreamRequest
  ) async throws(RemoteImageError) -> UpstreamResponse {
    let client = client(for: ClientForProxy.Way(request))
    let question = HTTPClientRequest(request)
    do {
      let response = try await limits.stall.watch {
        try await client.http.execute(question, deadline: .distantFuture)
      }
      return UpstreamResponse(
        head: UpstreamHead(response),
        body: HTTPUpstreamBody(
          response.body, client: client, url: request.url, limit: limits.stall))
    } catch {
      throw RemoteImageError(fetching: request.url, proxy: request.proxy, limits.stall, error)
    }
  }

  private func client(for way: ClientForProxy.Way) -> ClientForProxy {
    clients.withLock { clients in
      let client: ClientForProxy
      if let index = clients.firstIndex(where: { $0.way == way }) {
        client = clients.remove(at: index)
      } else {
        client = ClientForProxy(way, group: group, connect: limits.connect)
      }
      clients.append(client)
      if clients.count > limits.proxies { clients.removeFirst() }
      return client
    }
  }
}

/// A body on its way; it holds its client.
private actor HTTPUpstreamBody: ByteSource {
  private let client: ClientForProxy
  private let url: RemoteURL
  private let limit: StallLimit
  private var iterator: HTTPClientResponse.Body.AsyncIterator?

  init(
    _ body: HTTPClientResponse.Body, client: ClientForProxy, url: RemoteURL, limit: StallLimit
  ) {
    self.client = client
    self.url = url
    self.limit = limit
    iterator = body.makeAsyncIterator()
  }

  func next() async throws -> ByteBuffer? {
    guard iterator != nil else { return nil }
    do {
      let piece = try await limit.watch { try await self.pull() }
      // A cancelled read must not look like the end.
      try Task.checkCancellation()
      if piece == nil { iterator = nil }
      return piece
    } catch {
      iterator = nil
      throw RemoteImageError(fetching: url, proxy: client.way.proxy, limit, error)
    }
  }

  private func pull() async throws -> ByteBuffer? {
    guard var iterator else { return nil }
    let piece = try await iterator.next(isolation: self)
    self.iterator = iterator
    return piece
  }
}
