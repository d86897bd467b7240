/// HTTPBoot: notices that a machine has gone without a word.

import Glibc
package import NIOCore

/// Turns on TCP's own keep-alive for each connection. A machine that jumps into a kernel, or loses its
/// power, sends no end of the connection; without this its descriptor would stay for ever.
package final class ConnectionKeeping: ChannelInboundHandler, RemovableChannelHandler, Sendable {
  package typealias InboundIn = Any

  /// When an idle connection is asked first, how often then, and how many silences mean that the peer
  /// has gone: two minutes in all.
  private static let (idle, interval, probes) = (60, 10, 6)

  package init() {}

  package func handlerAdded(context: ChannelHandlerContext) {
    guard let options = context.channel.syncOptions else { return }
    try? options.setOption(.socketOption(.so_keepalive), value: 1)
    for (name, value) in [
      (TCP_KEEPIDLE, Self.idle), (TCP_KEEPINTVL, Self.interval), (TCP_KEEPCNT, Self.probes),
    ] {
      try? options.setOption(.tcpOption(.init(rawValue: name)), value: value)
    }
  }
}
