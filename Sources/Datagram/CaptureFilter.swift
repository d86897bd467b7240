/// Datagram: which frames of an interface are captured.

package import Wire

/// What boots are made of, or all that some machines say and hear.
///
/// Without machines: ARP; ICMP's errors, and IPv6's neighbours and routers; UDP from or to `udpPorts`,
/// and between other ports what looks like TFTP's data (its transfers leave port 69 at once); TCP from or
/// to `tcpPorts`; later fragments of UDP datagrams, which have no ports.
///
/// With machines: every frame from and to their addresses, and every DHCP message that names one of
/// them, also those that go to everybody or between a relay and a server.
package struct CaptureFilter: Equatable, Sendable {
  package var udpPorts: [UInt16] = Self.bootPorts
  package var tcpPorts: [UInt16] = [80, 443, 8080]
  /// At most `mostMachines`.
  package var machines: [MACAddress] = []
  /// Of transfers only how they begin and end: of TCP what opens and closes a connection, and segments
  /// that begin with the head of an HTTP message; of TFTP no DATA and no ACK. Needs no machines.
  package var leavesOutBulk = false
  /// Longer frames are cut.
  package var snapLength = 262_144

  /// DHCP, TFTP, PXE, DHCPv6, and names.
  package static let bootPorts: [UInt16] = [67, 68, 69, 4011, 546, 547, 53]
  /// What a program for the kernel has room for.
  package static let mostMachines = 64

  package init() {}
}
