/// Appliance: the doctor looks at the ports: who holds them.

/// Answers by /proc alone, without a socket.
struct PortCheck {
  var settings: Settings
  var owner: (Int, PortOwner.Transport) -> PortOwner? = { PortOwner(of: $0, $1) }

  var findings: [Finding] {
    [dhcp]
      + [(settings.tftpPort, .udp, "TFTP"), (4011, .udp, "ProxyDHCP's second port")].map(finding)
      + [finding(settings.httpPort, .tcp, "HTTP")]
  }

  private func finding(
    _ port: Int, _ transport: PortOwner.Transport, _ service: String
  ) -> Finding {
    let place = "\(transport.rawValue.uppercased()) port \(port) (\(service))"
    guard let owner = owner(port, transport) else {
      return Finding("ports", .ok, "\(place) is free.")
    }
    if owner.name == "fino" {
      return Finding("ports", .ok, "\(place) is Fino's: it runs as process \(owner.processID).")
    }
    return Finding(
      "ports", .problem, "\(place) is held by \(owner).",
      remedy: "Stop \(owner.name), or take its \(service) part out of its configuration.")
  }

  /// With capture, the default, port 67 may be a DHCP server's of this machine.
  private var dhcp: Finding {
    guard let owner = owner(67, .udp) else {
      return Finding("ports", .ok, "UDP port 67 (DHCP) is free.")
    }
    if owner.name == "fino" { return finding(67, .udp, "DHCP") }
    if settings.dhcp.captures {
      return Finding(
        "ports", .note,
        "UDP port 67 (DHCP) is held by \(owner): Fino hears the same questions beside it.")
    }
    return Finding(
      "ports", .problem, "UDP port 67 (DHCP) is held by \(owner), and «dhcp: port-67» is «bind».",
      remedy: "Take «port-67: bind» out of the configuration: Fino then listens beside it.")
  }
}
