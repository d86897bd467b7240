/// HTTPBoot: how a connection is set up.

package import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTP1
package import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import Wire

/// HTTP/1 with limits, and with a desk below Hummingbird's router that answers what machines ask most
/// on the event loop: files and scripts.
package struct BootServer: ServerChildChannel, HTTPChannelHandler {
  package typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

  package let responder: HTTPChannelHandler.Responder
  private let source: BootSource
  private let limits: HTTPLimits
  private let counts: ConnectionCounts
  private let clock = HTTPClock()

  private init(
    _ source: BootSource, _ limits: HTTPLimits, _ responder: @escaping HTTPChannelHandler.Responder
  ) {
    (self.source, self.limits, self.responder) = (source, limits, responder)
    counts = ConnectionCounts(limits)
  }

  /// For `Application(router:server:)`.
  package static func http1(
    _ source: BootSource, limits: HTTPLimits = HTTPLimits()
  ) -> HTTPServerBuilder {
    HTTPServerBuilder { BootServer(source, limits, $0) }
  }

  package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      let pipeline = channel.pipeline.syncOperations
      let place = ConnectionPlace(channel)
      let door = ConnectionDoor(limits, counts, of: place.client)
      try pipeline.addHandler(door)
      try pipeline.addHandler(ConnectionKeeping(connections: counts.total))
      var framing = HTTPResponseEncoder.Configuration()
      // NIO would send the end of a chunked body after the head of an answer to HEAD.
      framing.automaticallySetFramingHeaders = false
      var decoding = NIOHTTPDecoderLimitConfiguration()
      decoding.maxHeaderFieldSize = limits.headerSize
      decoding.maxHeaderListSize = limits.headerSize
      try pipeline.configureHTTPServerPipeline(
        withPipeliningAssistance: true, withErrorHandling: false,
        withOutboundHeaderValidation: false, withEncoderConfiguration: framing,
        withDecoderLimitConfiguration: decoding)
      try pipeline.addHandler(RequestDesk(source, limits, door, place, clock))
      try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
      return try NIOAsyncChannel(
        wrappingChannelSynchronously: channel,
        configuration: .init(isOutboundHalfClosureEnabled: true))
    }
  }

  package func handle(value: Value, logger: Logger) async {
    await handleHTTP(asyncChannel: value, logger: logger)
  }
}
