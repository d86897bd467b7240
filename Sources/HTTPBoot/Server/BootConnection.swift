/// HTTPBoot: a connection, as the server that accepted it keeps it.

import HummingbirdCore
package import NIOCore
package import NIOHTTPTypes

package struct BootConnection: ServerChildChannelValue {
  package typealias Routed = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

  package let channel: any Channel
  /// Done with the first request that needs the router, or with nil at the end of the connection.
  let routed: EventLoopFuture<Routed?>
}
