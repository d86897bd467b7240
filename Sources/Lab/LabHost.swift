/// Lab: the hosts of the laboratory, each a network namespace.

package import Wire

package enum LabHost: String, CaseIterable, Sendable {
  /// A bridge; the virtual machines' network cards are plugged in here.
  case networkSwitch = "sw"
  /// Hands out leases and knows nothing of PXE.
  case dhcp
  /// Where the appliance runs.
  case fino
  /// All BMCs; each has an address of its own.
  case bmc

  /// The host's first address; nil for the switch, which has none.
  package var address: IPv4Address? {
    switch self {
    case .networkSwitch: nil
    case .dhcp: IPv4Address(10, 77, 0, 1)
    case .fino: IPv4Address(10, 77, 0, 2)
    case .bmc: IPv4Address(10, 77, 0, 3)
    }
  }

  package static let prefixLength = 24
  /// The leases.
  package static let clients = (first: IPv4Address(10, 77, 0, 50), last: IPv4Address(10, 77, 0, 99))
  /// The DHCP server's host is the network's IPv6 router, too.
  static let router = "fd77::1/64"
  static let bridge = "br0"
}
