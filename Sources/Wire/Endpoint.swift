/// Wire: where a UDP datagram comes from or goes to.

package struct Endpoint: Hashable, Sendable {
  package var address: IPAddress
  package var port: UInt16

  package init(_ address: IPAddress, _ port: UInt16) {
    self.address = address
    self.port = port
  }

  package init(_ address: IPv4Address, _ port: UInt16) {
    self.init(.v4(address), port)
  }

  package init(_ address: IPv6Address, _ port: UInt16) {
    self.init(.v6(address), port)
  }
}

extension Endpoint: CustomStringConvertible {
  /// `10.0.0.2:69`, `[fe80::1]:69`.
  package var description: String { "\(address.urlHost):\(port)" }
}
