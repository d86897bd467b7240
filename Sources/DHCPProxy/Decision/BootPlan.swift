/// DHCPProxy: what the appliance wants a machine to fetch.

package import Wire

/// The answer of the appliance to "what should this machine boot?", asked once for each request.
package enum BootPlan: Equatable, Sendable {
  /// A boot program by TFTP: a bare file name, lower case, at most 127 bytes.
  case loader(file: String)
  /// A boot program by HTTP, for UEFI HTTP Boot: an http:// URL with an IPv4 address in it, because
  /// the firmware knows no name server yet.
  case httpLoader(url: String)
  /// An iPXE script.
  case script(url: String)
  /// What a Raspberry Pi's ROM fetches by TFTP; its file names are fixed, so none is given.
  case raspberryPi
  /// No answer, and why.
  case silence(reason: String)
}

/// Where a question came in, and so the address that the machine can reach us at.
package struct Arrival: Equatable, Sendable {
  package var interface: String
  /// Our address: server identifier, `siaddr`, and the host of every URL.
  package var local: IPv4Address
  package var port: ServicePort
  package var source: Endpoint

  package enum ServicePort: UInt16, Sendable {
    /// Shared with DHCP: DISCOVERs come here.
    case dhcp = 67
    /// PXE's own boot server port.
    case bootServer = 4011
  }

  package init(interface: String, local: IPv4Address, port: ServicePort, source: Endpoint) {
    self.interface = interface
    self.local = local
    self.port = port
    self.source = source
  }
}

/// Asked for every boot client; must answer from memory, it runs on the event loop.
package typealias BootPlanner = @Sendable (BootClient, Arrival) -> BootPlan
