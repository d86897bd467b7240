/// HTTPBoot: what is asked of TCP for each connection.

import Glibc
import NIOCore

/// Turns on TCP's own keep-alive. A machine that jumps into a kernel, or loses its power, sends no end
/// of the connection; without this its descriptor would stay for ever.
///
/// And bounds what waits in the kernel's buffer to be sent, the more the more connections there are.
/// Without that it is up to 4 MiB for each: with 2,000 slow readers the kernel has no memory for TCP
/// left (`tcp_mem`), and nobody gets on. With too little of it every piece of a file costs a wake-up:
/// 256 KiB made a storm of 200 boots take half as long again (`fino-bench boot`).
final class ConnectionKeeping: ChannelInboundHandler, RemovableChannelHandler, Sendable {
  typealias InboundIn = Any

  /// When an idle connection is asked first, how often then, and how many silences mean that the peer
  /// has gone: two minutes in all.
  private static let (idle, interval, probes) = (60, 10, 6)

  /// Bytes, of all connections together, roughly: each has what it was given when it came.
  private static let unsent = 256 << 20

  private let unsent: Int

  /// `connections` that there are already.
  init(connections: Int) {
    unsent = min(max(Self.unsent / max(connections, 1), 128 << 10), 4 << 20)
  }

  func handlerAdded(context: ChannelHandlerContext) {
    guard let options = context.channel.syncOptions else { return }
    try? options.setOption(.socketOption(.so_keepalive), value: 1)
    for (name, value) in [
      (TCP_KEEPIDLE, Self.idle), (TCP_KEEPINTVL, Self.interval), (TCP_KEEPCNT, Self.probes),
      (TCP_NOTSENT_LOWAT, unsent),
    ] {
      try? options.setOption(.tcpOption(.init(rawValue: name)), value: value)
    }
  }
}
