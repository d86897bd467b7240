/// Lab: the hosts of the laboratory, each a network namespace.

package import Wire

package enum LabHost: String, CaseIterable, Sendable {
  /// The bridges; the virtual machines' network cards are plugged in here.
  case networkSwitch = "sw"
  /// Hands out leases and knows nothing of PXE.
  case dhcp
  /// Where the appliance runs. In layouts with a trunk a virtual machine, and no namespace.
  case fino
  /// All BMCs; each has an address of its own.
  case bmc
  /// Router and DHCP relay between the two segments; only in layouts that have one.
  case relay

  /// The host's first address; nil for the switch, which has none.
  package var address: IPv4Address? {
    switch self {
    case .networkSwitch: nil
    case .dhcp: IPv4Address(10, 77, 0, 1)
    case .fino: IPv4Address(10, 77, 0, 2)
    case .bmc: IPv4Address(10, 77, 0, 3)
    // Beyond the addresses of the BMCs and the leases.
    case .relay: IPv4Address(10, 77, 0, 250)
    }
  }

  package static let prefixLength = 24
  /// The leases.
  package static let clients = (first: IPv4Address(10, 77, 0, 50), last: IPv4Address(10, 77, 0, 99))
  /// The DHCP server's host is the network's IPv6 router, too.
  static let router = "fd77::1/64"
  /// The appliance's address where the layout has IPv6 addresses.
  package static let applianceIPv6 = "fd77::2"

  /// The relay's address in the far segment, which is the router there, and the leases of it.
  package static let relayFar = IPv4Address(10, 78, 0, 1)
  package static let farClients = (
    first: IPv4Address(10, 78, 0, 50), last: IPv4Address(10, 78, 0, 99)
  )
  static let farRouter = "fd78::1/64"
  static let farNetwork = "10.78.0.0/24"
}
