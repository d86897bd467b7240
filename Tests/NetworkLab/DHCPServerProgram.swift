/// NetworkLab: the DHCP servers that people run.

import Foundation
import Glibc

/// A DHCP server on `eth0` of a namespace; it gives addresses of one network.
package enum DHCPServerProgram: String, CaseIterable, Sendable, CustomStringConvertible {
  /// One wildcard socket, without any flag of sharing.
  case dnsmasq = "dnsmasq"
  case dnsmasqBindInterfaces = "dnsmasq --bind-interfaces"
  case dnsmasqBindDynamic = "dnsmasq --bind-dynamic"
  case iscDHCPD = "dhcpd"
  case kea = "kea-dhcp4"

  package var description: String { rawValue }

  private var program: String { String(rawValue.prefix { $0 != " " }) }
  package var isInstalled: Bool { NetworkNamespace.has(program) }

  /// Starts it and waits until it serves. `network` is the first three numbers of a /24, `relayed` that
  /// of another one behind a relay.
  package func start(
    in namespace: NetworkNamespace, network: String = "10.77.0", relayed: String? = nil
  ) async throws -> Daemon {
    let folder = Command.temporaryPath(program)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let networks = [network] + (relayed.map { [$0] } ?? [])
    let daemon: Daemon
    switch self {
    case .dnsmasq, .dnsmasqBindInterfaces, .dnsmasqBindDynamic:
      let ranges = networks.map { "--dhcp-range=\($0).100,\($0).200,255.255.255.0" }
      daemon = try namespace.start(
        [
          "dnsmasq", "--keep-in-foreground", "--log-facility=-", "--conf-file=/dev/null",
          "--port=0",
        ]
          + ["--user=root", "--no-ping", "--interface=eth0", "--dhcp-leasefile=\(folder)/leases"]
          + ranges + rawValue.split(separator: " ").dropFirst().map(String.init))
      try await daemon.wrote("IP range")
    case .iscDHCPD:
      let subnets = networks.map {
        "subnet \($0).0 netmask 255.255.255.0 { range \($0).100 \($0).200; }\n"
      }
      try write("authoritative; ping-check false;\n" + subnets.joined(), folder, "dhcpd.conf")
      try write("", folder, "leases")
      daemon = try namespace.start(
        "dhcpd", "-4", "-f", "-d", "--no-pid", "-cf", "\(folder)/dhcpd.conf", "-lf",
        "\(folder)/leases", "eth0")
      try await daemon.wrote("Server starting service")
    case .kea:
      let subnets = networks.enumerated().map { number, network in
        """
        {"id": \(number + 1), "subnet": "\(network).0/24",
         "pools": [{"pool": "\(network).100 - \(network).200"}]}
        """
      }
      try write(
        """
        {"Dhcp4": {"interfaces-config": {"interfaces": ["eth0"]},
          "lease-database": {"type": "memfile", "persist": false},
          "loggers": [{"name": "kea-dhcp4", "output_options": [{"output": "stdout"}],
            "severity": "INFO"}],
          "subnet4": [\(subnets.joined(separator: ","))]}}
        """, folder, "kea.json")
      daemon = try namespace.start(
        "env", "KEA_PIDFILE_DIR=\(folder)", "KEA_LOCKFILE_DIR=\(folder)", "kea-dhcp4", "-c",
        "\(folder)/kea.json")
      try await daemon.wrote("DHCP4_STARTED")
    }
    daemon.keep(folder)
    return daemon
  }

  private func write(_ text: String, _ folder: String, _ name: String) throws {
    try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
  }
}
