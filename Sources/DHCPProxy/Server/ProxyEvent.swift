/// DHCPProxy: what the service tells the appliance about each message.

package import Datagram
package import Wire

package indirect enum ProxyEvent: Sendable {
  /// A boot client asked and was answered.
  case answered(question: DHCPMessage, BootClient, BootPlan, ProxyReply, Arrival)
  /// A boot client asked and was not answered, for this reason.
  case silent(BootClient, reason: String, Arrival)
  /// A boot client took `address` from the DHCP server.
  case leaseRequested(BootClient, address: IPv4Address, server: IPv4Address?, Arrival)
  /// Bytes that are no DHCP message.
  case malformed(WireError, Arrival)
  /// So many datagrams that are no DHCP messages; the kernel kept them from us, and told it now.
  case refused(count: Int, interface: String)
  /// A message that is nobody's boot.
  case ignored(String, Arrival)
  /// A boot client was not answered, because the kernel did not take the answer. Told once a minute
  /// for each cause; `count` is how many there were since it was told last.
  case notSent(SocketError, to: ReplyDestination, count: Int, Arrival)
  /// An interface is served now, in this way.
  case serving(interface: String, PortSharing)
  /// An interface that went, or lost its address, is served no more.
  case leaving(interface: String)
  /// An interface that came while we ran can't be served; it is tried again when interfaces change.
  case notServing(interface: String, ListenFailure)
}
