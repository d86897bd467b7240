/// HTTPBoot: bytes of a file to a connection by sendfile, and whether the peer has them.

import CSockets
import Foundation
import Images
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1
import NIOPosix

/// Sends parts of one open file. The response's head is written before and its end after, by
/// Hummingbird; the regions go past it, straight into the HTTP codec, so that the kernel copies the
/// bytes.
struct FileDelivery: Sendable {
  let channel: any Channel
  let image: OpenImage

  /// Small enough that a slow peer's progress is seen, large enough to cost nothing.
  private static let piece = 4 << 20

  struct PeerGone: Error {}

  /// The file was cut while it went out; what is missing can't be sent.
  struct FileCut: Error {}

  /// A peer that takes nothing for so long has gone.
  private static let patience = Duration.seconds(120)

  /// Returns when the kernel has taken the last byte. A cancelled task closes the connection: the
  /// peer must not take a part for the whole.
  func send(_ range: Range<Int>) async throws {
    let watch = Task { await self.watch(range) }
    defer { watch.cancel() }
    do {
      try await withTaskCancellationHandler {
        var rest = range
        while !rest.isEmpty {
          let piece = rest.prefix(Self.piece)
          guard image.currentSize >= piece.upperBound else { throw FileCut() }
          try await channel.eventLoop.flatSubmit { write(piece) }.get()
          rest = piece.upperBound..<rest.upperBound
        }
      } onCancel: {
        channel.close(promise: nil)
      }
    } catch {
      throw Task.isCancelled
        ? CancellationError() : image.currentSize < range.upperBound ? FileCut() : error
    }
  }

  /// Closes the connection when the peer takes nothing any more, or when the file is cut: sendfile
  /// answers 0 at its end, and the event loop would try again for ever.
  private func watch(_ range: Range<Int>) async {
    var acknowledged: UInt64 = 0
    var lastProgress = ContinuousClock.now
    while (try? await Task.sleep(for: .seconds(2))) != nil {
      let now = (try? await tcpInfo())?.bytes_acked ?? acknowledged
      if now != acknowledged { (acknowledged, lastProgress) = (now, .now) }
      if image.currentSize < range.upperBound
        || lastProgress.duration(to: .now) > Self.patience
      {
        return channel.close(promise: nil)
      }
    }
  }

  private func write(_ range: Range<Int>) -> EventLoopFuture<Void> {
    let promise = channel.eventLoop.makePromise(of: Void.self)
    do {
      let codec = try channel.pipeline.syncOperations.context(
        handlerType: HTTP1ToHTTPServerCodec.self)
      let descriptor = dup(image.descriptor)
      guard descriptor >= 0 else { throw IOError(errnoCode: errno, reason: "dup") }
      let handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: descriptor)
      let region = FileRegion(
        fileHandle: handle, readerIndex: range.lowerBound, endIndex: range.upperBound)
      promise.futureResult.assumeIsolated().whenComplete { _ in try? handle.close() }
      codec.writeAndFlush(
        NIOAny(HTTPServerResponsePart.body(.fileRegion(region))), promise: promise)
    } catch {
      promise.fail(error)
    }
    return promise.futureResult
  }

  /// Returns when the peer's kernel has acknowledged every byte. The kernel of ours takes megabytes
  /// into its buffer, so "sent" does not mean that a machine which was switched off has it.
  func acknowledged() async throws {
    var pause = Duration.milliseconds(1)
    let deadline = ContinuousClock.now.advanced(by: .seconds(60))
    while true {
      guard channel.isActive else { throw PeerGone() }
      guard let info = try await tcpInfo() else { return }
      if info.unacked == 0, info.notsent_bytes == 0 { return }
      guard ContinuousClock.now < deadline else { throw PeerGone() }
      try await Task.sleep(for: pause)
      pause = min(pause * 2, .milliseconds(50))
    }
  }

  /// nil where the channel is no socket.
  private func tcpInfo() async throws -> fino_tcp_info? {
    guard let provider = channel as? any SocketOptionProvider else { return nil }
    return try await provider.unsafeGetSocketOption(
      level: .init(IPPROTO_TCP), name: .init(FINO_TCP_INFO)
    ).get()
  }

  /// One clause for the boot's story.
  static func reason(_ error: any Error) -> String {
    switch error {
    case is PeerGone: "the machine went away before it had the last byte"
    case is FileCut: "the file was cut short meanwhile (replace images with mv, not cp)"
    case is CancellationError: "the appliance was stopped"
    case ChannelError.ioOnClosedChannel, ChannelError.eof: "the machine closed the connection"
    case let error as IOError:
      "the connection broke (\(String(cString: strerror(error.errnoCode))))"
    default: "the connection broke"
    }
  }
}
