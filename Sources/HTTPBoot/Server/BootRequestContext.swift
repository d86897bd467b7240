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

  package var client: IPAddress? { place.client }
  package var local: IPAddress? { place.local }
  package var localPort: Int { place.localPort }

  private var place: ConnectionPlace { ConnectionPlace(channel) }
}
