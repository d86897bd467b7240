/// HTTPBoot: what the router needs of a connection, made when it is needed.

import NIOCore
import NIOHTTPTypesHTTP1

extension RequestDesk {
  /// Most connections ask for files and scripts only, and never come here. Saves them a handler, two
  /// queues between threads and one wake-up of a thread.
  func openRouting(_ context: ChannelHandlerContext) {
    guard let routing else { return }
    self.routing = nil
    do {
      let channel = context.channel
      try channel.pipeline.syncOperations.addHandler(HTTP1ToHTTPServerCodec(secure: false))
      routing.succeed(
        try NIOAsyncChannel(
          wrappingChannelSynchronously: channel,
          configuration: .init(isOutboundHalfClosureEnabled: true)))
    } catch {
      routing.succeed(nil)
      context.close(promise: nil)
    }
  }

  /// The router answers also what is no HTTP.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    openRouting(context)
    context.fireErrorCaught(error)
  }

  func tellClose(_ context: ChannelHandlerContext) {
    // Nobody above hears it.
    if routing != nil { return context.close(promise: nil) }
    context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
  }
}
