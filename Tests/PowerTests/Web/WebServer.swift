/// PowerTests: an HTTP server on the loopback, in front of anything that answers questions.

import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

@testable import Power

/// Serves until it is shut down. With a certificate, HTTPS.
struct WebServer {
  let port: UInt16
  private let channel: any Channel

  static func start(
    _ answerer: any WebAsking, certificate: TestCertificate? = nil
  ) async throws -> WebServer {
    let tls = try certificate.map { certificate in
      try NIOSSLContext(
        configuration: .makeServerConfiguration(
          certificateChain: [
            .certificate(try NIOSSLCertificate(file: certificate.file, format: .pem))
          ], privateKey: .privateKey(try NIOSSLPrivateKey(file: certificate.file, format: .pem))))
    }
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          if let tls {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
          }
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(Exchange(answerer))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    return WebServer(port: UInt16(channel.localAddress?.port ?? 0), channel: channel)
  }

  func stop() async {
    try? await channel.close()
  }
}

/// One question after the other.
private final class Exchange: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let answerer: any WebAsking
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []

  init(_ answerer: any WebAsking) {
    self.answerer = answerer
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      body = []
    case .body(let part):
      body += Array(part.readableBytesView)
    case .end:
      guard let head, let method = WebQuestion.Method(rawValue: head.method.rawValue) else {
        context.close(promise: nil)
        return
      }
      let question = WebQuestion(
        method: method, path: head.uri, fields: head.headers.map { ($0.name, $0.value) },
        body: body)
      let channel = context.channel
      let answerer = answerer
      Task {
        guard let answer = try? await answerer.ask(question) else {
          try? await channel.close()
          return
        }
        var headers = HTTPHeaders()
        for (name, values) in answer.fields {
          for value in values { headers.add(name: name, value: value) }
        }
        headers.add(name: "Content-Length", value: "\(answer.body.count)")
        let head = HTTPResponseHead(
          version: .http1_1, status: .init(statusCode: answer.status), headers: headers)
        _ = channel.write(HTTPServerResponsePart.head(head))
        _ = channel.write(
          HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: answer.body))))
        try? await channel.writeAndFlush(HTTPServerResponsePart.end(nil))
      }
    }
  }
}
