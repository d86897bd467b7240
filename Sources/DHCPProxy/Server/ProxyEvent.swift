/// DHCPProxy: what the service tells the appliance about each message.

package import Wire

package enum ProxyEvent: Sendable {
  /// A boot client asked and was answered.
  case answered(question: DHCPMessage, BootClient, BootPlan, ProxyReply, Arrival)
  /// A boot client asked and was not answered, for this reason.
  case silent(BootClient, reason: String, Arrival)
  /// A boot client took `address` from the DHCP server.
  case leaseRequested(BootClient, address: IPv4Address, server: IPv4Address?, Arrival)
  /// Bytes that are no DHCP message.
  case malformed(WireError, Arrival)
  /// A message that is nobody's boot.
  case ignored(String, Arrival)
}
