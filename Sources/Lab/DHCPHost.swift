/// Lab: somebody else's DHCP server: it hands out leases and has never heard of PXE.

internal import FoundationEssentials
package import Wire

/// dnsmasq with DNS and TFTP off and no boot options.
///
/// It also advertises an IPv6 router, as most networks do: iPXE waits for one, and without it spends
/// 15 seconds more on every boot ("Configuring (net0 …)") before it fetches anything.
package struct DHCPHost: Sendable {
  package struct Lease: Equatable, Sendable {
    package var mac: MACAddress
    package var address: IPv4Address
  }

  package let process: ChildProcess
  private let leaseFile: String

  static func start(in name: LabName) async throws(LabError) -> DHCPHost {
    let leaseFile = "\(name.directory)/leases"
    let range = LabHost.clients
    let process = try ChildProcess.start(
      ["ip", "netns", "exec", name.namespace(.dhcp)] + [
        Prerequisites.path(of: "dnsmasq") ?? "dnsmasq", "--keep-in-foreground",
        "--conf-file=/dev/null", "--log-facility=-", "--log-dhcp", "--pid-file=", "--user=root",
        "--port=0", "--interface=eth0", "--bind-interfaces", "--no-ping",
        "--dhcp-authoritative", "--dhcp-leasefile=\(leaseFile)",
        "--dhcp-range=\(range.first),\(range.last),255.255.255.0,1h",
      ] + (LabNetwork.hasIPv6 ? ["--enable-ra", "--dhcp-range=fd77::,ra-only"] : []),
      output: "\(name.directory)/dhcp.log")
    try await ListeningPort(address: .any, port: 67).wait(for: process)
    return DHCPHost(process: process, leaseFile: leaseFile)
  }

  /// All leases, as the server's own file has them: expiry, MAC, address, name, client identifier.
  package var leases: [Lease] {
    let file = FileManager.default.contents(atPath: leaseFile) ?? Data()
    return String(decoding: file, as: UTF8.self).split(separator: "\n").compactMap { line in
      let columns = line.split(separator: " ")
      guard columns.count >= 3, let mac = MACAddress(columns[1]),
        let address = IPv4Address(columns[2])
      else { return nil }
      return Lease(mac: mac, address: address)
    }
  }
}
