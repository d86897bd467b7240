/// Lab: the cables: namespaces, bridges, and a veth pair from one to each host.

internal import Glibc
internal import Wire

struct LabNetwork {
  let name: LabName
  let layout: LabLayout

  func build() throws(LabError) {
    for host in layout.hosts {
      try ip(["netns", "add", name.namespace(host)])
      // IPv6 only where it is wanted: captures are for reading.
      try setIPv6(hasIPv6(host) ? ("accept_dad", 0) : ("disable_ipv6", 1), in: host)
      try ip(["link", "set", "lo", "up"], in: host)
    }
    try addBridge(.near)
    for host in layout.hosts {
      guard let address = host.address else { continue }
      try addCable(to: host, on: .near)
      try ip(
        ["address", "add", "\(address)/\(LabHost.prefixLength)", "dev", "eth0"], in: host)
    }
    if Self.hasIPv6 {
      try ip(["address", "add", LabHost.router, "dev", "eth0", "nodad"], in: .dhcp)
      if hasIPv6(.fino) {
        try ip(
          [
            "address", "add", "\(LabHost.applianceIPv6)/64", "dev", "eth0",
            "nodad",
          ], in: .fino)
      }
    }
    if layout.hasRelay { try addFarSegment() }
    if layout.hasTrunk { try addTrunk() }
  }

  /// Whether this kernel has IPv6 at all.
  static var hasIPv6: Bool { access("/proc/sys/net/ipv6", F_OK) == 0 }

  private func hasIPv6(_ host: LabHost) -> Bool {
    switch host {
    case .dhcp, .relay: true
    case .fino: layout.ipv6 == .addresses && !layout.hasTrunk
    case .networkSwitch, .bmc: false
    }
  }

  private func addBridge(_ segment: LabSegment) throws(LabError) {
    // Without snooping, what goes to a group reaches everybody: DHCPv6 does not depend on reports.
    try ip(
      [
        "link", "add", segment.rawValue, "type", "bridge", "forward_delay", "0", "mcast_snooping",
        "0",
      ],
      in: .networkSwitch)
    try ip(["link", "set", segment.rawValue, "up"], in: .networkSwitch)
  }

  /// The host's end is eth0 in the near segment and eth1 in the far one.
  private func addCable(to host: LabHost, on segment: LabSegment) throws(LabError) {
    let port = segment == .near ? "to-\(host.rawValue)" : "far-\(host.rawValue)"
    try ip(
      [
        "link", "add", port, "type", "veth", "peer", "name", segment == .near ? "eth0" : "eth1",
        "netns", name.namespace(host),
      ], in: .networkSwitch)
    try ip(["link", "set", port, "up"], in: .networkSwitch)
    try ip(["link", "set", segment == .near ? "eth0" : "eth1", "up"], in: host)
    try ip(["link", "set", port, "master", segment.rawValue], in: .networkSwitch)
  }

  private func addFarSegment() throws(LabError) {
    guard let near = LabHost.relay.address else { return }
    try addBridge(.far)
    try addCable(to: .relay, on: .far)
    try ip(
      ["address", "add", "\(LabHost.relayFar)/\(LabHost.prefixLength)", "dev", "eth1"], in: .relay)
    try ShortCommand.run([
      "ip", "netns", "exec", name.namespace(.relay), "sh", "-c",
      "echo 1 >/proc/sys/net/ipv4/ip_forward",
    ])
    if Self.hasIPv6 {
      try ip(["address", "add", LabHost.farRouter, "dev", "eth1", "nodad"], in: .relay)
    }
    for host in [LabHost.dhcp, .fino] {
      try ip(["route", "add", LabHost.farNetwork, "via", "\(near)"], in: host)
    }
  }

  private func addTrunk() throws(LabError) {
    for segment in [LabSegment.vlan10, .vlan20, .trunk] { try addBridge(segment) }
    try VLANSwitch.start(in: name)
    for segment in VLANSwitch.ports {
      try ip(
        ["link", "set", VLANSwitch.tap(segment), "master", segment.rawValue, "up"],
        in: .networkSwitch)
    }
  }

  /// Sets it for the interfaces that are there and for those to come.
  private func setIPv6(_ setting: (name: String, value: Int), in host: LabHost) throws(LabError) {
    guard Self.hasIPv6 else { return }
    try ShortCommand.run([
      "ip", "netns", "exec", name.namespace(host), "sh", "-c",
      "for f in /proc/sys/net/ipv6/conf/*/\(setting.name); do echo \(setting.value) >$f; done",
    ])
  }

  /// A socket of the switch into which a virtual machine's network card is plugged.
  func addTap(_ tap: String, on segment: LabSegment) throws(LabError) {
    guard layout.segments.contains(segment) else {
      throw LabError("the laboratory has no segment \(segment): its layout has none")
    }
    try ip(["tuntap", "add", "dev", tap, "mode", "tap"], in: .networkSwitch)
    try ip(["link", "set", tap, "master", segment.rawValue, "up"], in: .networkSwitch)
  }

  private func ip(_ arguments: [String], in host: LabHost? = nil) throws(LabError) {
    let namespace = host.map { ["-n", name.namespace($0)] } ?? []
    try ShortCommand.run(["ip"] + namespace + arguments)
  }
}
