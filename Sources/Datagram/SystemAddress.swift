/// Datagram: addresses on both sides of the boundary to C.

internal import CSockets
internal import Wire

extension IPAddress {
  /// nil for none.
  init?(_ address: fino_address) {
    switch address.version {
    case 4: self = .v4(IPv4Address(value: UInt32(truncatingIfNeeded: address.low)))
    case 6: self = .v6(IPv6Address(high: address.high, low: address.low))
    default: return nil
    }
  }
}

extension fino_address {
  init(_ address: IPAddress?) {
    switch address {
    case .v4(let address): self.init(version: 4, high: 0, low: UInt64(address.value))
    case .v6(let address): self.init(version: 6, high: address.high, low: address.low)
    case nil: self.init(version: 0, high: 0, low: 0)
    }
  }
}
