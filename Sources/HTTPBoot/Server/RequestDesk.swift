/// HTTPBoot: the handler behind the HTTP codec. It answers files and machines' scripts itself, on the
/// event loop, and hands every other request up to the router.

import Foundation
import Images
import NIOCore
import NIOHTTP1
import Wire

/// One for each connection. The pipeline handler before it lets one request in at a time.
final class RequestDesk: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  /// What of a request matters for the frame of its answer.
  struct Asked: Equatable {
    var isHead = false
    var keepsAlive = true
    var isOld = false
  }

  enum Order {
    case image(OpenImage, path: String, FileRequest)
    case script(name: String, host: String?)
  }

  /// Whose the latest request is. It stays so after the answer: the rest of a body may still come.
  enum Turn {
    case nobody
    /// The router's.
    case above(Asked)
    case ours(Asked, Order)
  }

  let source: BootSource
  let limits: HTTPLimits
  let door: ConnectionDoor
  let place: ConnectionPlace
  let clock: HTTPClock
  /// What the router is spoken to through, once a request needs it; nil when none did to the end.
  var routing: EventLoopPromise<BootConnection.Routed?>?
  private var turn = Turn.nobody
  var delivery: Delivery?
  var watch: Scheduled<Void>?
  var awaited = AwaitedBytes()
  /// What the peer had when it was looked at last, and when it had less or nothing waited for it.
  var progress: (bytes: UInt64, at: NIODeadline) = (0, .now())
  /// An answer of ours is not at its end.
  private var isAnswering = false
  /// One of the router's, with a body, is not.
  private(set) var isRouterAnswering = false
  /// The peer's end of its side was not told yet.
  private var isCloseHeld = false
  private var depth = 0
  var awaiting: Scheduled<Void>?
  /// The image that was sent last: a machine that reads a disk asks for it again and again.
  private var latest: (path: String, image: OpenImage)?
  /// The parts of one image are told of once.
  var toldPartsOf: String?
  private var reports = 0
  private var lastReport: Task<Void, Never>?
  /// A request that waits for the reports before it.
  private var held: [HTTPServerRequestPart] = []

  init(
    _ source: BootSource, _ limits: HTTPLimits, _ door: ConnectionDoor, _ place: ConnectionPlace,
    _ clock: HTTPClock, _ routing: EventLoopPromise<BootConnection.Routed?>
  ) {
    (self.source, self.limits, self.door, self.place) = (source, limits, door, place)
    (self.clock, self.routing) = (clock, routing)
  }

  // MARK: Requests

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    switch part {
    case .head(var head):
      door.receivedHeaders()
      // Whoever asks again has what it asked for before.
      checkAwaited(context)
      let asked = Asked(
        isHead: head.method == .HEAD, keepsAlive: head.isKeepAlive, isOld: head.version != .http1_1)
      if let order = order(for: head) {
        turn = .ours(asked, order)
      } else {
        turn = .above(asked)
        openRouting(context)
        // The router closes for this word only.
        if !asked.keepsAlive { head.headers.replaceOrAdd(name: "connection", value: "close") }
        handUp(.head(head), context)
      }
    case .body:
      if case .above = turn { handUp(part, context) }
    case .end:
      door.receivedEnd()
      guard depth < Self.mostNested, case .ours = turn else {
        if case .above = turn { return handUp(part, context) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        return bound.execute { desk, context in desk.answer(context) }
      }
      answer(context)
    }
  }

  /// The pipelining handler hands over the next request inside the end of an answer: of a burst of
  /// requests each would be a level deeper in the stack.
  private static let mostNested = 8

  private func answer(_ context: ChannelHandlerContext) {
    guard context.channel.isActive else { return }
    depth += 1
    defer { depth -= 1 }
    switch turn {
    case .ours(let asked, .image(let image, let path, let request)):
      isAnswering = true
      give(image, path, request, asked, context)
    case .ours(let asked, .script(let name, let host)):
      isAnswering = true
      giveScript(name, host, asked, context)
    case .above, .nobody: break
    }
  }

  /// nil for what the router answers: also files that are not there.
  private func order(for head: HTTPRequestHead) -> Order? {
    guard head.method == .GET || head.method == .HEAD,
      !head.headers.contains(name: "content-length"),
      !head.headers.contains(name: "transfer-encoding")
    else { return nil }
    let path = head.uri.utf8.prefix { $0 != UInt8(ascii: "?") }
    if path.starts(with: "/images/".utf8), path.last != UInt8(ascii: "/") {
      let path = String(path.dropFirst("/images/".utf8.count)) ?? ""
      return image(path).map { .image($0.image, path: $0.path, FileRequest(head.headers)) }
    }
    if path.starts(with: "/pxe/".utf8), let name = String(path.dropFirst("/pxe/".utf8.count)) {
      return .script(name: name, host: head.headers.first(name: "host"))
    }
    return nil
  }

  private func image(_ encoded: String) -> (path: String, image: OpenImage)? {
    guard let path = encoded.contains("%") ? encoded.removingPercentEncoding : encoded
    else { return nil }
    if let latest, latest.path == path, latest.image.isCurrent { return latest }
    latest = nil
    guard case .file(let file) = source.images.item(at: path), let image = OpenImage(file)
    else { return nil }
    latest = (path, image)
    return latest
  }

  private func handUp(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
    if reports > 0 || !held.isEmpty {
      held.append(part)
    } else {
      context.fireChannelRead(wrapInboundOut(part))
    }
  }

  // MARK: Answers of the router

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let asked = if case .above(let asked) = turn { asked } else { Asked() }
    switch unwrapOutboundIn(data) {
    case .head(var head):
      let closes = frame(&head, asked)
      if closes, case .above(var asked) = turn {
        asked.keepsAlive = false
        turn = .above(asked)
      }
      isRouterAnswering = !asked.isHead
      if isRouterAnswering { beginWatch(context) }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .body where asked.isHead:
      promise?.succeed()
    case .body:
      context.write(data, promise: promise)
    case .end(let trailers):
      end(trailers, asked, context, promise)
    }
  }

  /// RFC 9112 §6: how the peer knows where the body ends. Whether the connection has to be closed for it.
  private func frame(_ head: inout HTTPResponseHead, _ asked: Asked) -> Bool {
    var closes = !asked.keepsAlive
    let hasBody = head.status.mayHaveResponseBody
    if !hasBody {
      head.headers.remove(name: "content-length")
      head.headers.remove(name: "transfer-encoding")
    } else if head.headers.contains(name: "content-length") || asked.isHead {
      head.headers.remove(name: "transfer-encoding")
    } else if asked.isOld {
      head.headers.remove(name: "transfer-encoding")
      closes = true
    } else {
      head.headers.replaceOrAdd(name: "transfer-encoding", value: "chunked")
    }
    Self.nameConnection(&head.headers, asked, closes: closes)
    return closes
  }

  /// An HTTP/1.0 client that asked to keep the connection waits for the word (RFC 9112 §C.2.2).
  static func nameConnection(_ headers: inout HTTPHeaders, _ asked: Asked, closes: Bool) {
    if closes {
      headers.replaceOrAdd(name: "connection", value: "close")
    } else if asked.isOld {
      headers.replaceOrAdd(name: "connection", value: "keep-alive")
    }
  }

  /// After the last byte of an answer.
  func end(
    _ trailers: HTTPHeaders?, _ asked: Asked, _ context: ChannelHandlerContext,
    _ promise: EventLoopPromise<Void>?
  ) {
    door.answered()
    isAnswering = false
    isRouterAnswering = false
    context.write(wrapOutboundOut(.end(trailers)), promise: promise)
    releaseClose(context)
    // A stop closes the connection once that is out.
    if !asked.keepsAlive || door.isStopping { context.flush() }
    guard !asked.keepsAlive else { return }
    context.close(mode: .output, promise: nil)
  }

  /// Whoever sends nothing more still wants the answer (`nc -N`), and until it has it the handlers
  /// above must not hear of it: they would close the connection.
  func releaseClose(_ context: ChannelHandlerContext) {
    guard isCloseHeld, !isAnswering, awaited.isEmpty else { return }
    isCloseHeld = false
    context.flush()
    tellClose(context)
  }

  // MARK: Reports

  /// One after the other. What is not a file waits for all of them: a machine that asks for its script
  /// must be known to have what it fetched before.
  func tell(_ event: ImageEvent, _ context: ChannelHandlerContext) {
    let (before, report) = (lastReport, source.report)
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    reports += 1
    lastReport = Task {
      await before?.value
      await report(event)
      bound.execute { desk, context in desk.reported(context) }
    }
  }

  private func reported(_ context: ChannelHandlerContext) {
    reports -= 1
    guard reports == 0 else { return }
    lastReport = nil
    let parts = held
    held = []
    for part in parts { context.fireChannelRead(wrapInboundOut(part)) }
    if !parts.isEmpty { context.fireChannelReadComplete() }
  }

  /// All that was told so far is recorded.
  var recorded: Task<Void, Never>? { lastReport }

  // MARK: The end of the connection

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .some(.inputClosed) = event as? ChannelEvent {
      checkAwaited(context)
      if isAnswering || !awaited.isEmpty {
        isCloseHeld = true
        return
      }
      return tellClose(context)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    abandon(context)
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    abandon(context)
  }

  private func abandon(_ context: ChannelHandlerContext) {
    latest = nil
    routing?.succeed(nil)
    routing = nil
    watch?.cancel()
    awaiting?.cancel()
    let here = awaited.pass(to: .now(), acknowledged: door.acknowledged(context) ?? 0).here
    for promise in here { promise.succeed() }
    for promise in awaited.removeAll() { promise.fail(FileDelivery.PeerGone()) }
  }
}

extension NIOLoopBound where Value == (RequestDesk, ChannelHandlerContext) {
  /// On the event loop, from anywhere.
  func execute(_ work: @escaping @Sendable (RequestDesk, ChannelHandlerContext) -> Void) {
    eventLoop.execute { work(value.0, value.1) }
  }
}
