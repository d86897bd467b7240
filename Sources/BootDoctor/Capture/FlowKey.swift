/// BootDoctor: names a conversation of two hosts, cheap to hash.

import Wire

/// Addresses folded to 64 bits, IPv4 as it is. Two IPv6 addresses may be folded alike; a capture made
/// to do so has its own transfers mixed up and no more.
struct FlowKey: Hashable {
  private var client: UInt64
  private var server: UInt64
  private var ports: UInt64

  /// A transfer by TFTP: the server's port isn't known before it answers.
  init(udp client: IPAddress, port: UInt16, server: IPAddress) {
    self.client = Self.fold(client)
    self.server = Self.fold(server)
    ports = UInt64(port) << 16 | 17 << 32
  }

  init(tcp client: IPAddress, port: UInt16, server: IPAddress, serverPort: UInt16) {
    self.client = Self.fold(client)
    self.server = Self.fold(server)
    ports = UInt64(port) << 16 | UInt64(serverPort) | 6 << 32
  }

  private static func fold(_ address: IPAddress) -> UInt64 {
    switch address {
    case .v4(let address): UInt64(address.value)
    case .v6(let address): address.high &* 0x9e37_79b9_7f4a_7c15 ^ address.low
    }
  }
}
