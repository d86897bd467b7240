/// Lab: somebody else's DHCP server: it hands out leases and has never heard of PXE.

internal import FoundationEssentials
package import Wire

/// dnsmasq with DNS and TFTP off and no boot options.
///
/// It also advertises an IPv6 router, as most networks do: iPXE waits for one, and without it spends
/// 15 seconds more on every boot ("Configuring (net0 …)") before it fetches anything. It does so, and
/// nothing else, in layouts without a DHCP server.
package struct DHCPHost: Sendable {
  package struct Lease: Equatable, Sendable {
    package var mac: MACAddress
    package var address: IPv4Address
  }

  package let process: ChildProcess
  private let leaseFile: String

  static func start(in name: LabName, _ layout: LabLayout) async throws(LabError) -> DHCPHost {
    let leaseFile = "\(name.directory)/leases"
    let process = try ChildProcess.start(
      ["ip", "netns", "exec", name.namespace(.dhcp)] + [
        Prerequisites.path(of: "dnsmasq") ?? "dnsmasq", "--keep-in-foreground",
        "--conf-file=/dev/null", "--log-facility=-", "--log-dhcp", "--pid-file=", "--user=root",
        "--port=0", "--interface=eth0", "--bind-interfaces", "--no-ping",
        "--dhcp-leasefile=\(leaseFile)",
      ] + leases(layout) + ipv6(layout),
      output: "\(name.directory)/dhcp.log")
    if layout.hasDHCPServer {
      try await ListeningPort(address: .any, port: 67).wait(for: process)
    }
    return DHCPHost(process: process, leaseFile: leaseFile)
  }

  private static func leases(_ layout: LabLayout) -> [String] {
    guard layout.hasDHCPServer else { return [] }
    let near = LabHost.clients
    let far = LabHost.farClients
    return [
      "--dhcp-authoritative", "--dhcp-range=\(near.first),\(near.last),255.255.255.0,1h",
    ]
      + (layout.namesNextServer ? ["--dhcp-boot=,,\(LabHost.fino.address ?? .any)"] : [])
      + (layout.hasRelay
        ? [
          "--dhcp-range=set:far,\(far.first),\(far.last),255.255.255.0,1h",
          "--dhcp-option=tag:far,option:router,\(LabHost.relayFar)",
        ] : [])
  }

  private static func ipv6(_ layout: LabLayout) -> [String] {
    guard LabNetwork.hasIPv6 else { return [] }
    return switch layout.ipv6 {
    case .router: ["--enable-ra", "--dhcp-range=fd77::,ra-only"]
    case .addresses: ["--enable-ra", "--dhcp-range=fd77::100,fd77::1ff,64,1h"]
    }
  }

  /// All IPv4 leases, as the server's own file has them: expiry, MAC, address, name, client
  /// identifier. Those of IPv6 have an IAID where the MAC would be.
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
