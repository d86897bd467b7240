/// Images: HTTP clients, directly or through a proxy.

import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// A client that lives as long as somebody uses it, and is shut down then.
final class ClientForProxy: Sendable {
  /// How a request travels.
  enum Way: Hashable, Sendable {
    case direct
    /// A whole URL in the request line (RFC 9112 §3.2.2). AsyncHTTPClient would use CONNECT for
    /// `http` too, which proxies such as squid allow for port 443 only.
    case absoluteForm(RemoteURL)
    /// CONNECT, for `https`.
    case tunnel(RemoteURL)

    init(_ request: UpstreamRequest) {
      self =
        switch (request.proxy, request.url.scheme) {
        case (nil, _): .direct
        case (let proxy?, "https"): .tunnel(proxy)
        case (let proxy?, _): .absoluteForm(proxy)
        }
    }

    var proxy: RemoteURL? {
      switch self {
      case .direct: nil
      case .absoluteForm(let proxy), .tunnel(let proxy): proxy
      }
    }
  }

  let way: Way
  let http: HTTPClient

  init(_ way: Way, group: any EventLoopGroup, connect: Duration) {
    self.way = way
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.decompression = .disabled
    configuration.httpVersion = .http1Only
    configuration.timeout.connect = TimeAmount(connect)
    // Or a refused connection is tried again for ever.
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
    switch way {
    case .direct: break
    case .absoluteForm:
      configuration.http1_1ConnectionDebugInitializer = AbsoluteForm.install
    case .tunnel(let proxy):
      configuration.proxy = .server(
        host: proxy.host, port: proxy.port,
        authorization: proxy.credentials.map {
          .basic(username: $0.user, password: $0.password)
        })
    }
    http = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
  }

  deinit {
    http.shutdown { _ in }
  }
}

extension HTTPClientRequest {
  init(_ request: UpstreamRequest) {
    let url = request.url
    var fields: [(String, String?)] = [
      ("User-Agent", "fino"),
      ("Accept", "*/*"),
      // An image is its bytes: a body that is compressed on the way has other lengths and ranges.
      ("Accept-Encoding", "identity"),
      ("Authorization", url.credentials?.basic),
      ("Range", request.conditions.range),
      ("If-Range", request.conditions.ifRange),
      ("If-None-Match", request.conditions.ifNoneMatch),
      ("If-Modified-Since", request.conditions.ifModifiedSince),
    ]
    if case .absoluteForm(let proxy) = ClientForProxy.Way(request) {
      // The connection goes to the proxy; `AbsoluteForm` makes the URL of Host and path again.
      self.init(url: "http://\(proxy.authority)\(url.target)")
      fields.insert(("Host", url.authority), at: 0)
      fields.append(("Proxy-Authorization", proxy.credentials?.basic))
    } else {
      self.init(url: url.plain)
    }
    method = request.head ? .HEAD : .GET
    for case (let name, let value?) in fields { headers.add(name: name, value: value) }
  }
}

/// Puts scheme and host before the path of each request.
private final class AbsoluteForm: ChannelOutboundHandler {
  typealias OutboundIn = HTTPClientRequestPart
  typealias OutboundOut = HTTPClientRequestPart

  @Sendable static func install(_ channel: any Channel) -> EventLoopFuture<Void> {
    channel.eventLoop.submit {
      let pipeline = channel.pipeline.syncOperations
      let encoder = try pipeline.handler(type: HTTPRequestEncoder.self)
      try pipeline.addHandler(AbsoluteForm(), position: .after(encoder))
    }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    var part = unwrapOutboundIn(data)
    if case .head(var head) = part, let host = head.headers.first(name: "Host") {
      head.uri = "http://\(host)\(head.uri)"
      part = .head(head)
    }
    context.write(wrapOutboundOut(part), promise: promise)
  }
}
