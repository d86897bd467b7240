/// Lab: a DHCP server of a chosen kind on the appliance's own host.

internal import Wire

/// It knows nothing of PXE; its addresses are those of the near segment. How each holds port 67 is
/// what the appliance has to live with: dnsmasq binds 0.0.0.0 with SO_REUSEADDR and SO_REUSEPORT, ISC's
/// dhcpd reads raw frames and holds 0.0.0.0 for replies, Kea reads raw frames and binds its address.
package struct LocalDHCPServer: Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    case dnsmasq
    case isc
    case kea

    var program: String {
      switch self {
      case .dnsmasq: "dnsmasq"
      case .isc: "dhcpd"
      case .kea: "kea-dhcp4"
      }
    }

    package var debianPackage: String {
      switch self {
      case .dnsmasq: "dnsmasq-base"
      case .isc: "isc-dhcp-server"
      case .kea: "kea-dhcp4-server"
      }
    }

    /// What it says when it has started. Kea says it even when it could not open a socket, and then
    /// hands out nothing; the others end.
    fileprivate var greeting: String {
      switch self {
      case .dnsmasq: "DHCP, sockets bound exclusively"
      case .isc: "Server starting service"
      case .kea: "DHCP4_STARTED"
      }
    }
  }

  package let kind: Kind
  package let process: ChildProcess

  /// Writes its configuration to the laboratory's directory and returns when it serves.
  static func start(
    _ kind: Kind, in laboratory: Laboratory, interface: String
  ) async throws(LabError) -> LocalDHCPServer {
    let directory = "\(laboratory.directory)/\(kind.rawValue)"
    try LabFile.makeDirectory(directory)
    let process = try laboratory.start(
      try command(kind, directory: directory, interface: interface), on: .fino,
      environment: ["KEA_PIDFILE_DIR": directory, "KEA_LOCKFILE_DIR": directory],
      output: "\(directory)/log")
    let deadline = ContinuousClock.now + .seconds(15)
    while !process.outputText.contains(kind.greeting) {
      guard process.isRunning, ContinuousClock.now < deadline,
        (try? await Task.sleep(for: .milliseconds(20))) != nil
      else {
        let said = process.outputText.suffix(600)
        process.kill()
        throw LabError("\(kind.program) does not serve: \(said)")
      }
    }
    return LocalDHCPServer(kind: kind, process: process)
  }

  package func stop() async { await process.terminate() }

  private static func command(
    _ kind: Kind, directory: String, interface: String
  ) throws(LabError) -> [String] {
    let program = Prerequisites.path(of: kind.program) ?? kind.program
    let range = LabHost.clients
    let network = IPv4Address(value: range.first.value & 0xffff_ff00)
    let file = "\(directory)/configuration"
    switch kind {
    case .dnsmasq:
      try LabFile.write(
        """
        port=0
        interface=\(interface)
        bind-interfaces
        no-ping
        dhcp-authoritative
        dhcp-leasefile=\(directory)/leases
        dhcp-range=\(range.first),\(range.last),255.255.255.0,1h

        """, to: file)
      return [
        program, "--keep-in-foreground", "--conf-file=\(file)", "--log-facility=-", "--log-dhcp",
        "--pid-file=", "--user=root",
      ]
    case .isc:
      try LabFile.write(
        """
        authoritative;
        ping-check false;
        subnet \(network) netmask 255.255.255.0 {
          range \(range.first) \(range.last);
          default-lease-time 3600;
        }

        """, to: file)
      try LabFile.write("", to: "\(directory)/leases")
      return [
        program, "-4", "-f", "-d", "--no-pid", "-user", "root", "-group", "root", "-cf", file,
        "-lf",
        "\(directory)/leases", interface,
      ]
    case .kea:
      try LabFile.write(
        """
        {"Dhcp4": {
          "interfaces-config": {"interfaces": ["\(interface)"]},
          "lease-database": {"type": "memfile", "persist": false},
          "subnet4": [{"subnet": "\(network)/24",
            "pools": [{"pool": "\(range.first) - \(range.last)"}]}],
          "loggers": [{"name": "kea-dhcp4", "severity": "INFO",
            "output_options": [{"output": "stdout"}]}]
        }}

        """, to: file)
      return [program, "-c", file]
    }
  }
}
