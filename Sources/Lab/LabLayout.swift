/// Lab: how a laboratory's network is laid out.

/// Where a machine's network card is plugged in.
package enum LabSegment: String, Equatable, Sendable {
  /// The network of the DHCP server and the appliance: 10.77.0.0/24. In layouts with a trunk, what
  /// goes over it without a tag.
  case near = "br0"
  /// A network behind a relay: 10.78.0.0/24. It is there when the layout has a relay.
  case far = "br1"
  /// Access ports of VLANs, 10.77.10.0/24 and 10.77.20.0/24; there when the layout has a trunk.
  case vlan10 = "br10"
  case vlan20 = "br20"
  /// The cable that carries them with their tags, and `near` without, to the appliance's host.
  case trunk = "trunk"

  /// The number of the VLAN whose access ports these are.
  package var vlan: UInt16? {
    switch self {
    case .vlan10: 10
    case .vlan20: 20
    case .near, .far, .trunk: nil
    }
  }
}

package struct LabLayout: Equatable, Sendable {
  /// What the network's router says of IPv6, and what its server hands out.
  package enum IPv6: Equatable, Sendable {
    /// A router and a prefix: what iPXE waits for. No DHCPv6.
    case router
    /// DHCPv6 hands out addresses of fd77::/64 and the router says so (the M flag of RFC 4861 §4.2).
    /// The appliance's host has fd77::2.
    case addresses
  }

  /// Whether the host `dhcp` hands out IPv4 leases. False for networks whose server runs on the
  /// appliance's own host: see `Laboratory.startServer`.
  package var hasDHCPServer: Bool
  package var ipv6: IPv6
  /// A second segment behind a host `relay`, which forwards to the DHCP server and the appliance.
  package var hasRelay: Bool
  /// Whether the DHCP server names the appliance as the next server (`siaddr`, and no file): GRUB takes
  /// its server from there alone.
  package var namesNextServer: Bool
  /// A switch with VLANs. The appliance's host is a virtual machine on its trunk then, as not every
  /// kernel has VLAN interfaces: see `Laboratory.startTrunkHost`. Not together with a relay.
  package var hasTrunk: Bool

  package init(
    hasDHCPServer: Bool = true, ipv6: IPv6 = .router, hasRelay: Bool = false,
    namesNextServer: Bool = false, hasTrunk: Bool = false
  ) {
    self.hasDHCPServer = hasDHCPServer
    self.ipv6 = ipv6
    self.hasRelay = hasRelay
    self.namesNextServer = namesNextServer
    self.hasTrunk = hasTrunk
  }

  /// Whether this kernel has IPv6 at all.
  package static var hasIPv6: Bool { LabNetwork.hasIPv6 }

  /// The hosts that are namespaces.
  package var hosts: [LabHost] {
    LabHost.allCases.filter { host in
      switch host {
      case .relay: hasRelay
      case .fino: !hasTrunk
      case .networkSwitch, .dhcp, .bmc: true
      }
    }
  }

  /// Those into which machines can be plugged.
  var segments: [LabSegment] {
    [.near] + (hasRelay ? [.far] : []) + (hasTrunk ? [.vlan10, .vlan20, .trunk] : [])
  }
}
