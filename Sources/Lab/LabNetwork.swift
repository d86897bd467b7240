/// Lab: the cables: namespaces, a bridge, and a veth pair from it to each host.

internal import Glibc
internal import Wire

struct LabNetwork {
  let name: LabName

  func build() throws(LabError) {
    for host in LabHost.allCases {
      try ip(["netns", "add", name.namespace(host)])
      // IPv6 only where it is wanted: captures are for reading.
      try setIPv6(host == .dhcp ? ("accept_dad", 0) : ("disable_ipv6", 1), in: host)
      try ip(["link", "set", "lo", "up"], in: host)
    }
    let bridge = LabHost.bridge
    try ip(["link", "add", bridge, "type", "bridge", "forward_delay", "0"], in: .networkSwitch)
    try ip(["link", "set", bridge, "up"], in: .networkSwitch)
    for host in LabHost.allCases {
      guard let address = host.address else { continue }
      try ip(
        [
          "link", "add", "to-\(host.rawValue)", "type", "veth", "peer", "name", "eth0", "netns",
          name.namespace(host),
        ], in: .networkSwitch)
      try ip(
        ["link", "set", "to-\(host.rawValue)", "master", bridge, "up"], in: .networkSwitch)
      try ip(["address", "add", "\(address)/\(LabHost.prefixLength)", "dev", "eth0"], in: host)
      try ip(["link", "set", "eth0", "up"], in: host)
    }
    if Self.hasIPv6 {
      try ip(["address", "add", LabHost.router, "dev", "eth0", "nodad"], in: .dhcp)
    }
  }

  /// Whether this kernel has IPv6 at all.
  static var hasIPv6: Bool { access("/proc/sys/net/ipv6", F_OK) == 0 }

  /// Sets it for the interfaces that are there and for those to come.
  private func setIPv6(_ setting: (name: String, value: Int), in host: LabHost) throws(LabError) {
    guard Self.hasIPv6 else { return }
    try ShortCommand.run([
      "ip", "netns", "exec", name.namespace(host), "sh", "-c",
      "for f in /proc/sys/net/ipv6/conf/*/\(setting.name); do echo \(setting.value) >$f; done",
    ])
  }

  /// A socket of the switch into which a virtual machine's network card is plugged.
  func addTap(_ tap: String) throws(LabError) {
    try ip(["tuntap", "add", "dev", tap, "mode", "tap"], in: .networkSwitch)
    try ip(["link", "set", tap, "master", LabHost.bridge, "up"], in: .networkSwitch)
  }

  private func ip(_ arguments: [String], in host: LabHost? = nil) throws(LabError) {
    let namespace = host.map { ["-n", name.namespace($0)] } ?? []
    try ShortCommand.run(["ip"] + namespace + arguments)
  }
}
