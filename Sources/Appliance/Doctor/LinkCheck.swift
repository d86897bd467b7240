/// Appliance: the doctor looks at the interfaces: link, duplex, MTU, addresses.

import Datagram
import Wire

struct LinkCheck {
  var interface: NetworkInterface
  /// The text of a file in /sys/class/net/INTERFACE; nil where there is none or it has no value.
  var attribute: (String) -> String?

  var findings: [Finding] {
    let name = interface.name
    guard interface.isUp else {
      return [
        Finding(
          "links", .problem, "\(name) is down.", remedy: "Bring it up: ip link set \(name) up")
      ]
    }
    var findings: [Finding] = []
    if attribute("carrier") == "0" {
      findings.append(
        Finding(
          "links", .problem, "\(name) has no link.",
          remedy: "Look at the cable, the switch port and the other end."))
    }
    if attribute("duplex") == "half" {
      findings.append(
        Finding(
          "links", .warning, "\(name) is at half duplex: transfers of boot files will stall.",
          remedy: "Let both ends negotiate, or set both to the same speed and duplex."))
    }
    guard !interface.networks.isEmpty else {
      findings.append(
        Finding(
          "links", .problem, "\(name) has no IPv4 address.",
          remedy: "Give it a fixed one: firmware is told this address."))
      return findings
    }
    if interface.mtu < 1500 {
      findings.append(
        Finding(
          "links", .warning,
          "\(name) has an MTU of \(interface.mtu): firmware assumes 1500 and sends more than that.",
          remedy: "Raise it to 1500, or serve machines on another interface."))
    }
    if findings.isEmpty {
      let addresses = interface.networks.map { "\($0)" }.joined(separator: ", ")
      let speed = attribute("speed").flatMap(Int.init).map { $0 > 0 ? ", \($0) Mbit/s" : "" } ?? ""
      findings.append(
        Finding(
          "links", .ok, "\(name) is up with \(addresses), MTU \(interface.mtu)\(speed)."))
    }
    return findings
  }
}
