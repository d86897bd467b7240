/// HTTPBoot: what a request handler knows of the connection.

package import Hummingbird
package import NIOCore
package import Wire

package struct BootRequestContext: RequestContext {
  package var coreContext: CoreRequestContextStorage
  /// The connection: files go out through it with sendfile.
  package let channel: any Channel

  package init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    channel = source.channel
  }

  /// The peer's address; nil when it is not IPv4.
  package var client: IPv4Address? { Self.ipv4(channel.remoteAddress) }

  /// Our own address on this connection.
  package var local: IPv4Address? { Self.ipv4(channel.localAddress) }

  package var localPort: Int { channel.localAddress?.port ?? 80 }

  /// An IPv4 peer of a dual-stack socket is written `::ffff:10.0.0.7`.
  private static func ipv4(_ address: SocketAddress?) -> IPv4Address? {
    guard let text = address?.ipAddress else { return nil }
    return IPv4Address(text.hasPrefix("::ffff:") ? text.dropFirst(7) : text[...])
  }
}
