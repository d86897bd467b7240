/// Wire: an address of either version of IP.

package enum IPAddress: Hashable, Sendable {
  case v4(IPv4Address)
  case v6(IPv6Address)

  /// Dotted decimal or RFC 4291 §2.2 text; anything else is nil. An IPv4-mapped IPv6 address is the
  /// IPv4 address that it maps: so a dual-stack socket names its IPv4 peers.
  package init?(_ text: some StringProtocol) {
    if let address = IPv4Address(text) {
      self = .v4(address)
    } else if let address = IPv6Address(text) {
      self = address.mappedIPv4.map(IPAddress.v4) ?? .v6(address)
    } else {
      return nil
    }
  }

  package static let any = IPAddress.v4(.any)
  package static let loopback = IPAddress.v4(.loopback)
  package static let broadcast = IPAddress.v4(.broadcast)

  package var v4: IPv4Address? {
    guard case .v4(let address) = self else { return nil }
    return address
  }

  package var v6: IPv6Address? {
    guard case .v6(let address) = self else { return nil }
    return address
  }

  /// 0.0.0.0 or ::, "none".
  package var isUnspecified: Bool {
    switch self {
    case .v4(let address): address.isUnspecified
    case .v6(let address): address.isUnspecified
    }
  }

  /// Whether it can name one machine: not unspecified, no multicast, no broadcast, not IPv4's 0/8
  /// and 240/4.
  package var isOfOneHost: Bool {
    switch self {
    case .v4(let address): (1..<224).contains(address.value >> 24)
    case .v6(let address): !address.isUnspecified && !address.isMulticast
    }
  }

  /// As it stands in a URL: an IPv6 address in brackets (RFC 3986 §3.2.2).
  package var urlHost: String {
    switch self {
    case .v4(let address): address.description
    case .v6(let address): "[\(address)]"
    }
  }
}

extension IPAddress: CustomStringConvertible {
  package var description: String {
    switch self {
    case .v4(let address): address.description
    case .v6(let address): address.description
    }
  }
}
