/// DHCPv6Proxy: what the service tells the appliance about each message.

package import Wire

package enum ProxyEventV6: Sendable {
  /// A boot client asked and was answered.
  case answered(question: RelayedMessage, BootClientV6, BootPlanV6, ProxyReplyV6, ArrivalV6)
  /// A boot client asked and was not answered, for this reason.
  case silent(BootClientV6, reason: String, ArrivalV6)
  /// A boot client takes `address` from another server.
  case leaseRequested(BootClientV6, address: IPv6Address, server: DUID, ArrivalV6)
  /// Bytes that are no DHCPv6 message.
  case malformed(WireError, ArrivalV6)
  /// A message that is nobody's boot.
  case ignored(String, ArrivalV6)
}
