/// HTTPBoot: what is asked of TCP for each connection.

import Glibc
import NIOCore

/// Turns on TCP's own keep-alive. A machine that jumps into a kernel, or loses its power, sends no end
/// of the connection; without this its descriptor would stay for ever.
///
/// And bounds what waits in the kernel's buffer to be sent. Without that it is up to 4 MiB for each
/// connection: with 2,000 slow readers the kernel has no memory for TCP left (`tcp_mem`), and nobody
/// gets on. What is on its way and not acknowledged is not bounded by it, so a fast path stays full.
final class ConnectionKeeping: ChannelInboundHandler, RemovableChannelHandler, Sendable {
  typealias InboundIn = Any

  /// When an idle connection is asked first, how often then, and how many silences mean that the peer
  /// has gone: two minutes in all.
  private static let (idle, interval, probes) = (60, 10, 6)

  /// Bytes.
  private static let unsent = 256 << 10

  init() {}

  func handlerAdded(context: ChannelHandlerContext) {
    guard let options = context.channel.syncOptions else { return }
    try? options.setOption(.socketOption(.so_keepalive), value: 1)
    for (name, value) in [
      (TCP_KEEPIDLE, Self.idle), (TCP_KEEPINTVL, Self.interval), (TCP_KEEPCNT, Self.probes),
      (TCP_NOTSENT_LOWAT, Self.unsent),
    ] {
      try? options.setOption(.tcpOption(.init(rawValue: name)), value: value)
    }
  }
}
