/// DHCPv6Proxy: what the appliance wants a machine to fetch.

package import Wire

/// The answer of the appliance to "what should this machine boot?", asked once for each request.
package enum BootPlanV6: Equatable, Sendable {
  /// A boot program by TFTP, a file name without a slash before it; the URL names our address.
  case loader(file: String)
  /// A boot program by HTTP, for UEFI HTTP Boot: a URL with an IPv6 address in it, because the
  /// firmware knows no name server yet.
  case httpLoader(url: String)
  /// An iPXE script.
  case script(url: String)
  /// No answer, and why.
  case silence(reason: String)
}

/// Where a question came in, and so the address that the machine can reach us at.
package struct ArrivalV6: Equatable, Sendable {
  package var interface: String
  /// The address of ours for URLs.
  package var local: IPv6Address
  package var port: ServicePort
  package var source: Endpoint
  /// Sent to All_DHCP_Relay_Agents_and_Servers, not to an address of ours.
  package var isMulticast: Bool

  package enum ServicePort: UInt16, Sendable {
    /// Shared with DHCPv6: SOLICITs come here.
    case dhcp = 547
    /// PXE's own boot server port.
    case bootServer = 4011
  }

  package init(
    interface: String, local: IPv6Address, port: ServicePort, source: Endpoint, isMulticast: Bool
  ) {
    self.interface = interface
    self.local = local
    self.port = port
    self.source = source
    self.isMulticast = isMulticast
  }
}

/// Asked for every boot client; must answer from memory, it runs on the event loop.
package typealias BootPlannerV6 = @Sendable (BootClientV6, ArrivalV6) -> BootPlanV6
