/// DHCPProxy: how we come to the messages on port 67, which a DHCP server on this host needs too.

/// Port 4011 is ours alone and always bound; port 67 is not. Where 67 is captured 4011 is heard in that way
/// too: a captured question tells who put it on the link, and so its answer need not wait until the
/// kernel has found the hardware address of whoever it says it is.
package enum PortSharing: String, Sendable {
  /// Nobody is asked: messages are taken off the link layer, and answers leave with a UDP header of our
  /// own. A DHCP server on this host, of whatever make, may be started before or after; no bound
  /// socket of ours takes the unicasts that are meant for it (with SO_REUSEADDR the kernel gives each
  /// of those to the socket that was bound last). Needs CAP_NET_RAW.
  ///
  /// While no server has the port, the kernel answers a relay's or client's unicast with ICMP "port
  /// unreachable" beside our reply. Relays don't mind: they send from unconnected sockets, to which the
  /// kernel tells nothing of it. To bind the port against that would keep a DHCP server that is
  /// started later from it.
  case capture
  /// Port 67 of each interface is bound with SO_REUSEADDR. A server on this host must allow that too
  /// (dnsmasq with `bind-interfaces` or `bind-dynamic`, ISC dhcpd), and unicasts go to one of us.
  case bind
}
