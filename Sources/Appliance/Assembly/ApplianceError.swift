/// Appliance: why the appliance can't start or had to stop, one sentence each.

import Datagram

package enum ApplianceError: Error, Equatable, Sendable {
  case noInterface
  case unknownInterface(String, available: [String])
  case interfaceWithoutAddress(String)
  case portTaken(port: Int, transport: PortOwner.Transport, owner: PortOwner?)
  case portForbidden(port: Int)
  case cannotPrepare(String)
  case serviceFailed(String, reason: String)

  /// What a socket error means for a person.
  init(_ error: SocketError, port: Int) {
    if error.isAddressInUse {
      self = .portTaken(port: port, transport: .udp, owner: PortOwner(of: port, .udp))
    } else if error.isForbidden {
      self = .portForbidden(port: port)
    } else {
      self = .cannotPrepare(error.description)
    }
  }
}

extension ApplianceError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noInterface:
      "no network interface is up with an IPv4 address; configure one, or name one with --interface"
    case .unknownInterface(let name, let available):
      "there is no network interface «\(name)»; there are: \(available.joined(separator: ", "))"
    case .interfaceWithoutAddress(let name):
      "the network interface «\(name)» is down or has no IPv4 address"
    case .portTaken(let port, let transport, let owner):
      "\(transport.rawValue.uppercased()) port \(port) is taken by "
        + "\(owner.map(String.init(describing:)) ?? "another program"); stop it, or give Fino another host"
    case .portForbidden(let port):
      "not allowed to use port \(port); run as root, or with CAP_NET_BIND_SERVICE and CAP_NET_RAW"
    case .cannotPrepare(let reason): reason
    case .serviceFailed(let name, let reason): "\(name) failed: \(reason)"
    }
  }
}
