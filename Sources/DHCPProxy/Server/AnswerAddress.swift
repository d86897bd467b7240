/// DHCPProxy: the address of ours that a client is given.

import Datagram
import Wire

/// A client fetches its boot file from the address in the answer, so it must be one that it can reach
/// with the address that it has, or will have.
struct AnswerAddress {
  /// Of the interface on which the question came, the primary one first.
  var networks: [IPv4Network]
  /// An address that this interface's DHCP server gave to somebody.
  var leased: IPv4Address?
  /// Where the kernel would talk to a peer from.
  var route: (IPv4Address) -> IPv4Address?

  /// For a question by broadcast; what was asked by unicast is answered from the address that was
  /// asked. The first of these that is known:
  ///
  /// 1. the relay's network, or the way to the relay: the client is behind it;
  /// 2. the network of the address that the client has, or asks for (option 50);
  /// 3. the network in which the DHCP server of this interface gives addresses;
  /// 4. the interface's primary address.
  func address(for message: DHCPMessage) -> IPv4Address? {
    if !message.giaddr.isUnspecified {
      return near(message.giaddr) ?? route(message.giaddr) ?? networks.first?.address
    }
    let requested = message.options.value(.requestedAddress).flatMap { IPv4Address(bytes: $0) }
    return near(message.ciaddr) ?? near(requested) ?? near(leased) ?? networks.first?.address
  }

  private func near(_ peer: IPv4Address?) -> IPv4Address? {
    guard let peer, !peer.isUnspecified else { return nil }
    return networks.first { $0.contains(peer) }?.address
  }
}

extension AnswerAddress {
  /// What a message tells about the addresses that the DHCP server gives: it gave or offered one, or a
  /// client takes one. Whoever invents such a message chooses among addresses of ours only.
  static func leased(in message: DHCPMessage) -> IPv4Address? {
    switch (message.op, message.type) {
    case (.reply, .offer), (.reply, .ack):
      guard message.giaddr.isUnspecified, !message.yiaddr.isUnspecified else { return nil }
      return message.yiaddr
    case (.request, .request):
      // Without option 54 it may be an address of another network, from before (RFC 2131 §4.3.2).
      guard message.giaddr.isUnspecified, message.options.has(.serverIdentifier) else {
        return nil
      }
      return message.options.value(.requestedAddress).flatMap { IPv4Address(bytes: $0) }
    default:
      return nil
    }
  }
}

/// To whom a captured message was sent; no kernel looked at it for us.
enum CapturedDestination: Equatable {
  case everybody
  case us(IPv4Address)
  /// It only passes through this host.
  case another

  init(
    _ address: IPv4Address, networks: [IPv4Network], route: (IPv4Address) -> IPv4Address?
  ) {
    let isNetworkBroadcast = networks.contains { network in
      network.prefixLength < 31 && address.value == network.address.value | ~network.mask.value
    }
    if address == .broadcast || isNetworkBroadcast {
      self = .everybody
    } else if networks.contains(where: { $0.address == address }) {
      self = .us(address)
    } else if (1..<224).contains(address.value >> 24), address.value >> 24 != 127,
      route(address) == address
    {
      // An address of another interface of ours: a relay may know us by that.
      self = .us(address)
    } else {
      self = .another
    }
  }
}
