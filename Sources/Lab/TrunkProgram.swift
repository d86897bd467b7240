/// Lab: what the appliance's host on a trunk does: its VLAN interfaces, a DHCP server, the appliance.

internal import Wire

/// The kernel's first process, a script for busybox.
struct TrunkProgram {
  /// In the order in which they are loaded.
  let drivers: [String]
  /// Whether the appliance serves `eth0` as well: all interfaces then, as when none is named.
  let servesUntagged: Bool

  /// What it says when the appliance is no more.
  static let ended = "FINO-LAB: the appliance ended"

  var text: String {
    """
    #!/bin/busybox sh
    exec </dev/ttyS0 >/dev/ttyS0 2>&1
    /bin/busybox mkdir -p /sbin
    /bin/busybox --install -s /sbin
    mount -t proc proc /proc
    mount -t sysfs sys /sys
    mount -t devtmpfs dev /dev
    # The kernel's messages would come between the others.
    dmesg -n 1
    for driver in \(drivers.joined(separator: " ")); do insmod "/drivers/$driver.ko"; done
    ip link set lo up
    ip address add \(LabHost.fino.address ?? .any)/\(LabHost.prefixLength) dev eth0
    ip link set eth0 up
    \(TrunkHost.vlans.map(serve).joined())
    FINO_IPMI_PASSWORD_FILE=/password fino serve \(interfaces) --state /state --images /images
    echo "\(Self.ended): $?"
    poweroff -f

    """
  }

  private var interfaces: String {
    servesUntagged
      ? ""
      : TrunkHost.vlans.compactMap(\.vlan).map { "--interface eth0.\($0)" }.joined(separator: " ")
  }

  private func serve(_ segment: LabSegment) -> String {
    guard let vlan = segment.vlan, let address = TrunkHost.address(in: segment) else { return "" }
    let network = address.value & 0xffff_ff00
    let first = IPv4Address(value: network + (LabHost.clients.first.value & 255))
    let last = IPv4Address(value: network + (LabHost.clients.last.value & 255))
    return """
      ip link add link eth0 name eth0.\(vlan) type vlan id \(vlan)
      ip address add \(address)/\(LabHost.prefixLength) dev eth0.\(vlan)
      ip link set eth0.\(vlan) up
      : >/leases.\(vlan)
      cat >/udhcpd.\(vlan) <<END
      interface eth0.\(vlan)
      start \(first)
      end \(last)
      max_leases 50
      lease_file /leases.\(vlan)
      option subnet 255.255.255.0
      END
      udhcpd -f /udhcpd.\(vlan) &

      """
  }
}
