/// Appliance: the interfaces that are served.

import Datagram

enum ServedInterfaces {
  /// Those that are named, or every one that is up, not loopback, and has an IPv4 address. A name
  /// that can't be served is an error at the start; later it is left out until it can.
  static func choose(
    _ names: [String], from all: [NetworkInterface], isStart: Bool = true
  ) throws(ApplianceError) -> [NetworkInterface] {
    guard isStart else {
      return all.filter {
        $0.isUp && !$0.networks.isEmpty
          && (names.isEmpty ? !$0.isLoopback : names.contains($0.name))
      }
    }
    guard !names.isEmpty else {
      let usable = all.filter { $0.isUp && !$0.isLoopback && !$0.networks.isEmpty }
      guard !usable.isEmpty else { throw .noInterface }
      return usable
    }
    var chosen: [NetworkInterface] = []
    for name in names {
      guard let interface = all.first(where: { $0.name == name }) else {
        throw .unknownInterface(name, available: all.map(\.name))
      }
      guard interface.isUp, !interface.networks.isEmpty else {
        throw .interfaceWithoutAddress(name)
      }
      if !chosen.contains(interface) { chosen.append(interface) }
    }
    return chosen
  }
}
