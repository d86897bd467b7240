/// Lab: a switch with VLANs, for kernels whose bridges have none: vde_switch of Debian's vde2.

/// Each port is a tap, and a bridge behind it gives that port many sockets. What comes in at an access
/// port leaves the trunk with its VLAN's tag (IEEE 802.1Q), and the other way round; what has no tag on
/// the trunk belongs to the near segment.
enum VLANSwitch {
  /// In the order of the switch's ports, from 1.
  static let ports: [LabSegment] = [.near, .vlan10, .vlan20, .trunk]

  /// What connects a port with the bridge of its segment.
  static func tap(_ port: LabSegment) -> String { "to-\(port.rawValue)" }

  /// Returns when the taps are there. It ends with the other processes of its namespace.
  static func start(in name: LabName) throws(LabError) {
    let configuration = "\(name.directory)/vde.conf"
    try LabFile.write(commands, to: configuration)
    try ShortCommand.run(
      [
        "ip", "netns", "exec", name.namespace(.networkSwitch), "sh", "-c", Self.start, "sh",
        "\(name.directory)/vde", configuration,
      ] + ports.map(tap))
  }

  /// $1 directory of its sockets, $2 configuration, then its taps. In the foreground it would end with
  /// its standard input, and as a daemon it has its taps a little later.
  private static let start = #"""
    set -e
    sockets=$1 configuration=$2
    shift 2
    for tap in "$@"; do taps="$taps -tap $tap"; done
    vde_switch -daemon -sock "$sockets" -f "$configuration" $taps
    for tap in "$@"; do
      for turn in $(seq 100); do
        ip link show dev "$tap" >/dev/null 2>&1 && continue 2
        sleep 0.1
      done
      echo "vde_switch has made no $tap"
      exit 1
    done
    """#

  /// As vde_switch's own command line takes them.
  private static var commands: String {
    var lines: [String] = []
    for (index, segment) in ports.enumerated() {
      guard let vlan = segment.vlan else { continue }
      lines += [
        "vlan/create \(vlan)", "port/setvlan \(index + 1) \(vlan)",
        "vlan/addport \(vlan) \(ports.count)",
      ]
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
