/// HTTPBoot: bytes of a file to a connection by sendfile, and whether the peer has them.

import Images
import NIOCore
import NIOHTTP1

/// An open file on its way.
struct Delivery {
  var image: OpenImage
  var parts: ArraySlice<ImageAnswer.Part>
  var handle: NIOFileHandle
  var promise: EventLoopPromise<Void>
  /// The last byte of the file that it needs.
  var end: Int
}

extension RequestDesk {
  /// Small enough that a cut file is noticed and other connections have their turn, large enough to
  /// cost nothing.
  static let piece = 4 << 20

  /// Up to this many bytes are read and go out with the head, in one system call; beyond, the kernel
  /// copies them.
  static let small = 64 << 10

  static let watchInterval = TimeAmount.seconds(2)

  /// Done when the kernel has taken the last byte. The head is written before, the end after.
  func deliver(
    _ image: OpenImage, _ parts: [ImageAnswer.Part], _ context: ChannelHandlerContext
  ) -> EventLoopFuture<Void> {
    let promise = context.eventLoop.makePromise(of: Void.self)
    let ends = parts.map { if case .file(let range) = $0 { range.upperBound } else { 0 } }
    delivery = Delivery(
      image: image, parts: parts[...],
      handle: NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: image.descriptor),
      promise: promise, end: ends.max() ?? 0)
    beginWatch(context)
    advance(context)
    return promise.futureResult
  }

  private func advance(_ context: ChannelHandlerContext) {
    while true {
      guard let data = nextData() else { return finish(.failure(FileDelivery.FileCut())) }
      let body = wrapOutboundOut(.body(data))
      let isLast = delivery?.parts.isEmpty ?? true
      if case .byteBuffer = data, !isLast {
        context.write(body, promise: nil)
        continue
      }
      let promise = context.eventLoop.makePromise(of: Void.self)
      promise.futureResult.assumeIsolated().whenComplete { result in
        if case .failure(let error) = result {
          self.finish(.failure(self.cause(of: error)))
        } else if isLast {
          self.finish(.success(()))
        } else {
          self.advance(context)
        }
      }
      return context.writeAndFlush(body, promise: promise)
    }
  }

  /// nil where the file is shorter than it was.
  private func nextData() -> IOData? {
    guard var delivery, let part = delivery.parts.popFirst() else {
      return .byteBuffer(ByteBuffer())
    }
    defer { self.delivery?.parts = delivery.parts }
    switch part {
    case .text(let text): return .byteBuffer(ByteBuffer(string: text))
    case .file(let range) where range.count <= Self.small:
      return delivery.image.bytes(in: range).map(IOData.byteBuffer)
    case .file(let range):
      let piece = range.lowerBound..<min(range.upperBound, range.lowerBound + Self.piece)
      guard delivery.image.currentSize >= piece.upperBound else { return nil }
      if piece.upperBound < range.upperBound {
        delivery.parts = [.file(piece.upperBound..<range.upperBound)] + delivery.parts
      }
      return .fileRegion(
        FileRegion(
          fileHandle: delivery.handle, readerIndex: piece.lowerBound, endIndex: piece.upperBound))
    }
  }

  private func finish(_ result: Result<Void, any Error>) {
    guard let delivery else { return }
    self.delivery = nil
    // The descriptor is the image's.
    _ = try? delivery.handle.takeDescriptorOwnership()
    delivery.promise.completeWith(result)
  }

  private func cause(of error: any Error) -> any Error {
    if door.isStopping { return CancellationError() }
    guard let delivery, delivery.image.currentSize < delivery.end else { return error }
    return FileDelivery.FileCut()
  }

  // MARK: Peers that take nothing

  /// At the beginning of an answer, whoever writes it.
  func beginWatch(_ context: ChannelHandlerContext) {
    progress = (0, .now())
    if watch == nil { setWatch(context) }
  }

  private func setWatch(_ context: ChannelHandlerContext) {
    let pause = min(Self.watchInterval, .init(limits.stallTime))
    watch = context.eventLoop.assumeIsolated().scheduleTask(in: pause) {
      self.watch = nil
      self.lookAtPeer(context)
    }
  }

  /// Closes the connection when the peer takes nothing any more of what waits for it, or when the file
  /// is cut: sendfile answers 0 at its end, and the event loop would try again for ever.
  private func lookAtPeer(_ context: ChannelHandlerContext) {
    let bytes = door.acknowledged(context) ?? door.written
    guard delivery != nil || isRouterAnswering || bytes < door.written else { return }
    if bytes != progress.bytes || bytes >= door.written { progress = (bytes, .now()) }
    let isCut = delivery.map { $0.image.currentSize < $0.end } ?? false
    guard !isCut, .now() - progress.at < .init(limits.stallTime)
    else { return context.close(promise: nil) }
    setWatch(context)
  }

  // MARK: What the peer has

  /// Done when the peer's kernel has acknowledged that many bytes of the connection. Ours takes
  /// megabytes into its buffer, so "sent" does not mean that a machine which was switched off has them.
  func acknowledged(_ position: UInt64, _ context: ChannelHandlerContext) -> EventLoopFuture<Void> {
    let promise = context.eventLoop.makePromise(of: Void.self)
    awaited.add(position, promise, until: .now() + .seconds(60))
    checkAwaited(context)
    return promise.futureResult
  }

  func checkAwaited(_ context: ChannelHandlerContext) {
    guard !awaited.isEmpty else { return }
    // What is no TCP has no acknowledgements; of a closed connection nobody says any more.
    let (here, gone) = awaited.pass(
      to: .now(), acknowledged: door.acknowledged(context) ?? (context.channel.isActive ? .max : 0))
    for promise in here { promise.succeed() }
    for promise in gone { promise.fail(FileDelivery.PeerGone()) }
    releaseClose(context)
    guard awaiting == nil, let pause = awaited.nextPause() else { return }
    awaiting = context.eventLoop.assumeIsolated().scheduleTask(in: pause) {
      self.awaiting = nil
      self.checkAwaited(context)
    }
  }
}
