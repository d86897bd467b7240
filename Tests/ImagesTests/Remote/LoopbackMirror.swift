/// Tests of Images: a small HTTP server on loopback that says exactly what a test wants.

import NIOCore
import NIOPosix
import Synchronization

/// Answers each request with steps; what HTTP it is is the test's business.
final class LoopbackMirror: Sendable {
  enum Step: Sendable {
    case send(String)
    case sendBytes([UInt8])
    case close
    /// Nothing more; the connection stays.
    case hang
  }

  private let channel: any Channel
  private let log: Log
  let port: Int

  final class Log: Sendable {
    let requests = Mutex<[String]>([])
    let written = Mutex(0)
  }

  init(_ script: @escaping @Sendable (_ request: String) -> [Step]) async throws {
    let log = Log()
    self.log = log
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Conversation(script, log))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = channel.localAddress?.port ?? 0
  }

  /// The heads of all requests so far.
  var requests: [String] { log.requests.withLock { $0 } }
  /// Bytes that the kernel has taken.
  var written: Int { log.written.withLock { $0 } }

  func url(_ path: String, credentials: String = "") -> String {
    "http://\(credentials)127.0.0.1:\(port)/\(path)"
  }

  func stop() async throws {
    try await channel.close()
  }

  static func whole(_ bytes: [UInt8], _ headers: String = "ETag: \"one\"") -> [Step] {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: \(bytes.count)\r\n\(headers)\r\n\r\n"
    return [.send(head), .sendBytes(bytes)]
  }

  static func status(_ text: String, _ headers: String = "X: y") -> [Step] {
    [.send("HTTP/1.1 \(text)\r\nContent-Length: 0\r\n\(headers)\r\n\r\n")]
  }
}

private final class Conversation: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let script: @Sendable (String) -> [LoopbackMirror.Step]
  private let log: LoopbackMirror.Log
  private var text = ""

  init(_ script: @escaping @Sendable (String) -> [LoopbackMirror.Step], _ log: LoopbackMirror.Log) {
    self.script = script
    self.log = log
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    text += String(buffer: unwrapInboundIn(data))
    guard text.hasSuffix("\r\n\r\n") else { return }
    let request = text
    text = ""
    log.requests.withLock { $0.append(request) }
    play(script(request)[...], context.channel)
  }

  private func play(_ steps: ArraySlice<LoopbackMirror.Step>, _ channel: any Channel) {
    for step in steps {
      switch step {
      case .send(let text): write(Array(text.utf8)[...], channel)
      case .sendBytes(let bytes): write(bytes[...], channel)
      case .close: channel.close(promise: nil)
      case .hang: return
      }
    }
  }

  private func write(_ bytes: ArraySlice<UInt8>, _ channel: any Channel) {
    let log = log
    for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: 16384) {
      let piece = bytes[start..<min(start + 16384, bytes.endIndex)]
      let count = piece.count
      channel.writeAndFlush(ByteBuffer(bytes: piece)).whenSuccess {
        log.written.withLock { $0 += count }
      }
    }
  }
}
