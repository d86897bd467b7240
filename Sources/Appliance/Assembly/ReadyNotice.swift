/// Appliance: what `fino serve` prints once it serves.

import Datagram
import HTTPBoot
import IPMI
import Wire

package struct ReadyNotice: Sendable {
  /// One for each served interface: `eth0 (10.0.0.2/24)`.
  package var interfaces: [String]
  package var listening: [String]
  package var state: String
  package var images: String
  package var locations: [String]
  /// The line that reimages a machine.
  package var example: String

  init(settings: Settings, interfaces: [NetworkInterface], locations: [String]) {
    self.interfaces = interfaces.map { interface in
      let networks = interface.networks.map(\.description).joined(separator: ", ")
      return "\(interface.name) (\(networks))"
    }
    listening = [
      "UDP 67 and 4011 (ProxyDHCP)", "UDP \(settings.tftpPort) (TFTP)",
      "TCP \(settings.httpPort) on every address (HTTP)",
    ]
    state = settings.state
    images = settings.images
    self.locations = locations
    let address = interfaces.first?.networks.first.map { IPAddress.v4($0.address) } ?? .loopback
    let root = ServerRoot(address: address, port: settings.httpPort).url
    example =
      "curl -d mac_address=52:54:00:12:34:56 -d obm_address=192.0.2.10 "
      + "-d location=\(locations.first ?? "LOCATION") -d kernel_opts= \(root)/reimage"
  }
}

extension ReadyNotice: CustomStringConvertible {
  package var description: String {
    let places =
      locations.isEmpty
      ? "none yet: put LOCATION/vmlinuz and LOCATION/initrd.img there"
      : "locations: \(locations.joined(separator: ", "))"
    return """
      fino \(Appliance.version) is ready
        interfaces  \(interfaces.joined(separator: ", "))
        listens on  \(listening.joined(separator: ", "))
        state       \(state)
        images      \(images) (\(places))
        reimage     \(example)
      """
  }
}

extension Settings {
  /// Names and values for people; nothing of it is secret.
  package var summary: [(name: String, value: String)] {
    [
      ("interfaces", interfaces.isEmpty ? "all" : interfaces.joined(separator: ", ")),
      ("http.port", String(httpPort)), ("tftp.port", String(tftpPort)),
      ("tftp.ports", tftpPorts.map { "\($0.lowerBound)-\($0.upperBound)" } ?? "any"),
      ("tftp.single-port", String(tftpSinglePort)),
      ("tftp.directory", tftpDirectory ?? "none"),
      ("loaders", loaders.map { "\($0.key): \($0.value)" }.joined(separator: ", ")),
      ("loaders.secure-boot", String(secureBoot)),
      ("dhcp.port-67", dhcp.captures ? "capture" : "bind"), ("dhcp.ipv6", String(dhcp.isIPv6)),
      ("state", state), ("images", images),
      ("images.cache.directory", imageCache.directory),
      ("images.cache.size", "\(imageCache.size >> 20)MiB"),
      ("unknown", unknown.rawValue), ("power.driver", powerDriver.rawValue),
      ("power.commands", powerCommands.keys.sorted().joined(separator: ", ")),
      ("capture.ring", captureRing == 0 ? "off" : "\(captureRing >> 20)MiB"),
      ("ipmi.username", ipmi.username), ("ipmi.password-file", ipmi.passwordFile),
      ("ipmi.kg-file", ipmi.kgFile ?? "none"),
      ("ipmi.port", String(ipmi.port)), ("ipmi.privilege", ipmi.privilege),
      ("ipmi.legacy", String(ipmi.usesLegacy)),
      ("ipmi.quirks", ipmi.quirks.map(\.rawValue).sorted().joined(separator: ", ")),

      ("reimage.lease", "\(reimage.lease.components.seconds)s"),
      ("reimage.time-limit", "\(reimage.timeLimit.components.seconds)s"),
      ("reimage.record-console", String(reimage.recordsConsole)),
      ("reimage.record-time", "\(reimage.recordTime.components.seconds)s"),
    ]
  }
}
