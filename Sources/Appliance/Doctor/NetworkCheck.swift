/// Appliance: the doctor judges who answered on a network.

import Wire

struct NetworkCheck {
  var interface: String
  var answers: [ProbeAnswer]
  /// Ours on this interface.
  var own: Set<IPv4Address>

  var findings: [Finding] {
    addressFindings + bootFindings
  }

  private func servers(_ condition: (ProbeAnswer) -> Bool) -> [IPv4Address] {
    Set(answers.filter(condition).map(\.server)).sorted { $0.value < $1.value }
  }

  private var addressFindings: [Finding] {
    let servers = servers { $0.address != nil }
    let list = servers.map(\.description).joined(separator: ", ")
    switch servers.count {
    case 0:
      return [
        Finding(
          "network", .warning, "No DHCP server answered on \(interface).",
          remedy:
            "Machines need one for their address. One that runs on this machine itself is not "
            + "heard this way; one behind a relay has to know this network.")
      ]
    case 1:
      return [Finding("network", .ok, "The DHCP server \(list) gives addresses on \(interface).")]
    default:
      return [
        Finding(
          "network", .warning,
          "\(servers.count) DHCP servers give addresses on \(interface): \(list).",
          remedy: "Unless they share one pool, take one away: a machine takes either's.")
      ]
    }
  }

  private var bootFindings: [Finding] {
    var findings: [Finding] = []
    for server in servers({ $0.isBoot && !own.contains($0.server) }) {
      let said = answers.filter { $0.server == server && $0.isBoot }
      let givesAddresses = answers.contains { $0.server == server && $0.address != nil }
      let files = Set(said.compactMap(\.file)).sorted().map { "«\($0)»" }
      let what = files.isEmpty ? "a boot menu" : files.joined(separator: " and ")
      if givesAddresses {
        findings.append(
          Finding(
            "network", .warning,
            "The DHCP server \(server) itself names \(what) to boot on \(interface).",
            remedy: "Some firmware takes that before any proxy's offer: take file name and "
              + "next-server out of it, or have it name Fino's (fino doctor --snippet)."))
      } else {
        findings.append(
          Finding(
            "network", .warning,
            "Another PXE server, \(server), offers \(what) on \(interface).",
            remedy: "A machine takes the one that answers first: stop it, or keep them apart with "
              + "«dhcp: allow»."))
      }
    }
    let ours = answers.filter { own.contains($0.server) && $0.isBoot }
    if !ours.isEmpty {
      findings.append(
        Finding("network", .ok, "Fino answers PXE on \(interface)."))
    } else if findings.isEmpty {
      findings.append(
        Finding("network", .ok, "Nobody else answers PXE on \(interface)."))
    }
    return findings
  }
}
