/// HTTPBoot: between which addresses a connection is.

package import NIOCore
package import Wire

package struct ConnectionPlace: Equatable, Sendable {
  /// The peer's address; nil where there is none (a Unix socket).
  package var client: IPAddress?
  /// Our own address.
  package var local: IPAddress?
  package var localPort: Int

  package init(_ channel: any Channel) {
    client = Self.address(channel.remoteAddress)
    local = Self.address(channel.localAddress)
    localPort = channel.localAddress?.port ?? 80
  }

  /// A link-local address has its interface behind a percent sign.
  private static func address(_ address: SocketAddress?) -> IPAddress? {
    address?.ipAddress.flatMap { IPAddress($0.prefix { $0 != "%" }) }
  }
}
