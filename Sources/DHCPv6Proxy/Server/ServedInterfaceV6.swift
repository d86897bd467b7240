/// DHCPv6Proxy: an interface that the service answers on.

package import Wire

package struct ServedInterfaceV6: Hashable, Sendable {
  package var name: String
  /// The kernel's: an interface that is made anew under its old name is another.
  package var index: Int
  /// In the kernel's order; of several that would do the first is taken.
  package var addresses: [IPv6Network]

  package init(name: String, index: Int = 0, addresses: [IPv6Network]) {
    self.name = name
    self.index = index
    self.addresses = addresses
  }

  /// The address of ours for a URL: on the peer's own network if there is one, else any that a
  /// router carries, else link-local. nil for an interface without IPv6.
  package func address(near peer: IPv6Address) -> IPv6Address? {
    let usable = addresses.filter { !$0.address.isMulticast && !$0.address.isUnspecified }
    let routable = usable.filter { !$0.address.isLinkLocal }
    return (routable.first { $0.contains(peer) } ?? routable.first ?? usable.first)?.address
  }
}
