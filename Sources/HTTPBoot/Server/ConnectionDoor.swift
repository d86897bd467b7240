/// HTTPBoot: the first handler of a connection: its limits, and how many bytes went out.

import CSockets
import Foundation
import NIOCore
import Wire

/// Bytes in, bytes out. Closes what breaks a limit; the desk behind the HTTP codec tells it where
/// requests begin and end.
final class ConnectionDoor: ChannelDuplexHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer
  typealias OutboundIn = IOData
  typealias OutboundOut = IOData

  private let limits: HTTPLimits
  private let counts: ConnectionCounts
  private let address: IPAddress?
  private let refusal: ConnectionCounts.Refusal?
  private var times: ConnectionTimes<NIODeadline.Moment>
  private var timer: (end: NIODeadline, task: Scheduled<Void>)?
  /// What the peer had when its silence was looked at.
  private var taken: UInt64?
  /// Something is to be read once there is room for its answer.
  private var isReadHeld = false
  /// Bytes handed to the channel.
  private(set) var written: UInt64 = 0
  /// What the kernel said of acknowledged bytes before the first was written.
  private var base: UInt64 = 0

  init(_ limits: HTTPLimits, _ counts: ConnectionCounts, of address: IPAddress?) {
    (self.limits, self.counts, self.address) = (limits, counts, address)
    refusal = counts.enter(address)
    times = ConnectionTimes(limits, at: .now)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    base = Self.tcpInfo(context)?.bytes_acked ?? 0
    guard refusal == nil else {
      // One too many that says nothing has no place to wait in.
      let task = context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(2)) {
        context.close(promise: nil)
      }
      timer = (.now() + .seconds(2), task)
      return
    }
    look(context)
  }

  /// True once the appliance is to stop.
  private(set) var isStopping = false

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ChannelShouldQuiesceEvent { isStopping = true }
    context.fireUserInboundEventTriggered(event)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.task.cancel()
    timer = nil
    if refusal == nil { counts.leave(address) }
  }

  // MARK: Bytes

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if let refusal {
      return refuse(
        context, "503 Service Unavailable", counts.sentence(refusal), retryAfter: 5)
    }
    times.receive(unwrapInboundIn(data).readableBytes, at: .now)
    context.fireChannelRead(data)
    look(context)
  }

  /// Whoever takes no answers is heard no further: else requests of a few bytes would fill the memory
  /// with their answers.
  func read(context: ChannelHandlerContext) {
    isReadHeld = !context.channel.isWritable
    if !isReadHeld { context.read() }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if isReadHeld, context.channel.isWritable {
      isReadHeld = false
      context.read()
    }
    context.fireChannelWritabilityChanged()
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    written &+= UInt64(unwrapOutboundIn(data).readableBytes)
    context.write(data, promise: promise)
  }

  /// Closes at once: what such a peer still sends is not read.
  private func refuse(
    _ context: ChannelHandlerContext, _ status: String, _ sentence: String, retryAfter: Int? = nil
  ) {
    let wait = retryAfter.map { "Retry-After: \($0)\r\n" } ?? ""
    let text =
      "HTTP/1.1 \(status)\r\n\(wait)Connection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
      + "Content-Length: \(sentence.utf8.count + 1)\r\n\r\n\(sentence)\n"
    context.writeAndFlush(wrapOutboundOut(.byteBuffer(ByteBuffer(string: text))), promise: nil)
    context.close(promise: nil)
  }

  // MARK: Times

  func receivedHeaders() { times.receivedHeaders(at: .now) }

  func receivedEnd() { times.receivedEnd(at: .now) }

  func answered() { times.answered(at: .now) }

  /// Acts on the verdict. The timer is only ever set for an earlier time than it stands at: on most
  /// connections it runs out once a minute, finds that all is well, and is set again.
  private func look(_ context: ChannelHandlerContext) {
    switch times.verdict(at: .now) {
    case .silent:
      guard isTaking(context) else { return context.close(promise: nil) }
      setTimer(.now() + .init(limits.idleTime), context)
    case .slow: refuse(context, "408 Request Timeout", "the request takes too long")
    case .long: refuse(context, "431 Request Header Fields Too Large", "the headers are too long")
    case .fine(let end):
      setTimer(end?.deadline ?? .now() + .init(limits.idleTime), context)
    }
  }

  private func setTimer(_ end: NIODeadline, _ context: ChannelHandlerContext) {
    if let timer, timer.end <= end { return }
    timer?.task.cancel()
    let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: end) {
      self.timer = nil
      self.look(context)
    }
    timer = (end, task)
  }

  /// Whether the peer is not silent after all: some of an answer still waits for it, and since the last
  /// time that was asked it has taken of it.
  private func isTaking(_ context: ChannelHandlerContext) -> Bool {
    guard let bytes = acknowledged(context), bytes < written else { return false }
    defer { taken = bytes }
    return bytes != taken
  }

  // MARK: What the peer has

  /// How many of the written bytes its kernel has acknowledged; nil where nobody knows.
  func acknowledged(_ context: ChannelHandlerContext) -> UInt64? {
    Self.tcpInfo(context).map { $0.bytes_acked &- base } ?? acknowledgedAtLast
  }

  /// Of a connection that was closed because the appliance is to stop.
  private var acknowledgedAtLast: UInt64?

  /// For how long a stop waits for the peer to have what was sent.
  private static let lingering = TimeAmount.seconds(2)

  /// When the appliance is to stop, the last answer of a connection is its end. Of a closed connection
  /// the kernel does not say what the peer has: a machine that got its image would not be known to.
  func close(
    context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?
  ) {
    guard isStopping, mode == .all else { return context.close(mode: mode, promise: promise) }
    linger(context, until: .now() + Self.lingering, promise)
  }

  private func linger(
    _ context: ChannelHandlerContext, until end: NIODeadline, _ promise: EventLoopPromise<Void>?
  ) {
    acknowledgedAtLast = acknowledged(context)
    guard context.channel.isActive, .now() < end, acknowledgedAtLast.map({ $0 < written }) ?? false
    else { return context.close(promise: promise) }
    context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(5)) {
      self.linger(context, until: end, promise)
    }
  }

  /// nil where the channel is no TCP socket.
  private static func tcpInfo(_ context: ChannelHandlerContext) -> fino_tcp_info? {
    let info = try? context.channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
      of: NIOBSDSocket.Handle.self
    ) { descriptor -> fino_tcp_info? in
      var info = fino_tcp_info()
      var size = socklen_t(MemoryLayout<fino_tcp_info>.size)
      return getsockopt(descriptor, Int32(IPPROTO_TCP), Int32(FINO_TCP_INFO), &info, &size) == 0
        ? info : nil
    }
    return info ?? nil
  }
}

extension NIODeadline {
  /// The same point in time, for logic that takes any clock.
  struct Moment: InstantProtocol, Equatable {
    var deadline: NIODeadline

    static var now: Self { Self(deadline: .now()) }

    func advanced(by duration: Duration) -> Self { Self(deadline: deadline + .init(duration)) }

    func duration(to other: Self) -> Duration { Duration(other.deadline - deadline) }

    static func < (one: Self, other: Self) -> Bool { one.deadline < other.deadline }
  }
}
