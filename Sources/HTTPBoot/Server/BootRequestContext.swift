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

  /// The peer's address; nil where there is none (a Unix socket).
  package var client: IPAddress? { Self.address(channel.remoteAddress) }

  /// Our own address on this connection.
  package var local: IPAddress? { Self.address(channel.localAddress) }

  package var localPort: Int { channel.localAddress?.port ?? 80 }

  /// A link-local address has its interface behind a percent sign.
  private static func address(_ address: SocketAddress?) -> IPAddress? {
    address?.ipAddress.flatMap { IPAddress($0.prefix { $0 != "%" }) }
  }
}
