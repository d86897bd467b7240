/// Lab: the DHCP relay between the far segment and the servers.

internal import Wire

/// ISC's dhcrelay: it puts its far address into `giaddr`, adds option 82 (RFC 3046), and sends every
/// request to both servers by unicast from port 67. Packets between the segments are routed by the
/// kernel of the same host. It is the far segment's IPv6 router, too, as `DHCPHost` is the near one's.
struct RelayHost: Sendable {
  let process: ChildProcess
  let advertiser: ChildProcess?

  static func start(in name: LabName) async throws(LabError) -> RelayHost {
    let enter = ["ip", "netns", "exec", name.namespace(.relay)]
    let servers = [LabHost.dhcp, .fino].compactMap { $0.address?.description }
    let process = try ChildProcess.start(
      enter + [
        Prerequisites.path(of: "dhcrelay") ?? "dhcrelay", "-4", "-d", "--no-pid", "-a", "-iu",
        "eth0", "-id", "eth1",
      ] + servers, output: "\(name.directory)/relay.log")
    try await ListeningPort(address: .any, port: 67).wait(for: process)
    guard LabNetwork.hasIPv6 else { return RelayHost(process: process, advertiser: nil) }
    let advertiser = try ChildProcess.start(
      enter + [
        Prerequisites.path(of: "dnsmasq") ?? "dnsmasq", "--keep-in-foreground",
        "--conf-file=/dev/null", "--log-facility=-", "--pid-file=", "--user=root", "--port=0",
        "--interface=eth1", "--enable-ra", "--dhcp-range=fd78::,ra-only",
        "--dhcp-leasefile=\(name.directory)/far-leases",
      ], output: "\(name.directory)/far-router.log")
    return RelayHost(process: process, advertiser: advertiser)
  }
}
