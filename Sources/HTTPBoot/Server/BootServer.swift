/// HTTPBoot: how a connection is set up.

package import HummingbirdCore
package import Logging
package import NIOCore
import NIOHTTP1
import Wire

/// HTTP/1 with limits, and with a desk below Hummingbird's router that answers what machines ask most
/// on the event loop: files and scripts.
package struct BootServer: ServerChildChannel, HTTPChannelHandler {
  package typealias Value = BootConnection

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

  /// For `Application(router:server:)`. Takes no more connections than the process can open files, and
  /// tells `logger` when that is less than the limits say.
  package static func http1(
    _ source: BootSource, limits: HTTPLimits = HTTPLimits(), logger: Logger? = nil
  ) -> HTTPServerBuilder {
    HTTPServerBuilder {
      let fitting = limits.fittingThisProcess()
      if let complaint = fitting.complaint(wanted: limits.connections) {
        logger?.warning("\(complaint)")
      }
      return BootServer(source, fitting, $0)
    }
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
      let routing = channel.eventLoop.makePromise(of: BootConnection.Routed?.self)
      do {
        try pipeline.addHandler(RequestDesk(source, limits, door, place, clock, routing))
      } catch {
        routing.succeed(nil)
        throw error
      }
      return BootConnection(channel: channel, routed: routing.futureResult)
    }
  }

  /// Until the connection has ended, so that a stop waits for it.
  package func handle(value: Value, logger: Logger) async {
    let routed = try? await withTaskCancellationHandler {
      try await value.routed.get()
    } onCancel: {
      value.channel.close(promise: nil)
    }
    guard let routed else { return }
    await handleHTTP(asyncChannel: routed, logger: logger)
  }
}
