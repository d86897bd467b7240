/// HTTPBoot: a file as the body of one of the router's answers.

import Foundation
import Images
import NIOCore

/// Sends parts of one open file past the router's types, by the connection's desk: the kernel copies
/// the bytes. The answer's head is written before and its end after, by Hummingbird.
struct FileDelivery: Sendable {
  let channel: any Channel
  let image: OpenImage

  struct PeerGone: Error {}

  /// The file was cut while it went out; what is missing can't be sent.
  struct FileCut: Error {}

  /// Returns when the kernel has taken the last byte. A cancelled task closes the connection: the
  /// peer must not take a part for the whole.
  func send(_ range: Range<Int>) async throws { try await send([.file(range)]) }

  func send(_ parts: [ImageAnswer.Part]) async throws {
    do {
      try await withTaskCancellationHandler {
        try await channel.eventLoop.flatSubmit {
          desk { desk, context in desk.deliver(image, parts, context) }
        }.get()
      } onCancel: {
        channel.close(promise: nil)
      }
    } catch {
      throw Task.isCancelled ? CancellationError() : error
    }
  }

  /// Returns when the peer's kernel has acknowledged every byte that was sent so far.
  func acknowledged() async throws {
    try await channel.eventLoop.flatSubmit {
      desk { desk, context in desk.acknowledged(desk.door.written, context) }
    }.get()
  }

  private func desk(
    _ work: (RequestDesk, ChannelHandlerContext) -> EventLoopFuture<Void>
  ) -> EventLoopFuture<Void> {
    do {
      let context = try channel.pipeline.syncOperations.context(handlerType: RequestDesk.self)
      guard let desk = context.handler as? RequestDesk else { throw PeerGone() }
      return work(desk, context)
    } catch {
      return channel.eventLoop.makeFailedFuture(error)
    }
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
