/// Datagram: the interfaces of this machine, as far as IPv4 boot service needs them.

package import Wire

#if canImport(Glibc)
  import Glibc
#endif

/// A network interface with its IPv4 addresses.
package struct NetworkInterface: Hashable, Sendable {
  package var name: String
  /// The kernel's index, 1 or more.
  package var index: Int
  package var isUp: Bool
  package var isLoopback: Bool
  /// Bytes of the largest IP packet.
  package var mtu: Int
  /// In the kernel's order, the primary address first.
  package var networks: [IPv4Network]

  package init(
    name: String, index: Int, isUp: Bool, isLoopback: Bool, mtu: Int, networks: [IPv4Network]
  ) {
    self.name = name
    self.index = index
    self.isUp = isUp
    self.isLoopback = isLoopback
    self.mtu = mtu
    self.networks = networks
  }

  /// The address of ours that a peer at `address` can reach without a router, else the primary one.
  package func address(near peer: IPv4Address) -> IPv4Address? {
    (networks.first { $0.contains(peer) } ?? networks.first)?.address
  }

  /// All interfaces of this network namespace, by index.
  package static func all() throws(SocketError) -> [NetworkInterface] {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else {
      throw SocketError("list the network interfaces", code: errno)
    }
    defer { freeifaddrs(list) }
    var found: [String: NetworkInterface] = [:]
    var next = list
    while let entry = next?.pointee {
      next = entry.ifa_next
      let name = String(cString: entry.ifa_name)
      var interface =
        found[name]
        ?? NetworkInterface(
          name: name, index: Int(if_nametoindex(entry.ifa_name)),
          isUp: entry.ifa_flags & UInt32(IFF_UP) != 0,
          isLoopback: entry.ifa_flags & UInt32(IFF_LOOPBACK) != 0,
          mtu: maximumTransmissionUnit(of: name), networks: [])
      if let address = ipv4(entry.ifa_addr), let mask = ipv4(entry.ifa_netmask) {
        interface.networks.append(
          IPv4Network(address, prefixLength: mask.value.nonzeroBitCount))
      }
      found[name] = interface
    }
    return found.values.sorted { $0.index < $1.index }
  }

  private static func ipv4(_ address: UnsafeMutablePointer<sockaddr>?) -> IPv4Address? {
    guard let address, address.pointee.sa_family == sa_family_t(AF_INET) else { return nil }
    return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
      IPv4Address(value: UInt32(bigEndian: $0.pointee.sin_addr.s_addr))
    }
  }

  private static func maximumTransmissionUnit(of name: String) -> Int {
    let ethernet = 1500
    guard let file = fopen("/sys/class/net/\(name)/mtu", "re") else { return ethernet }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 32)
    guard fgets(&line, Int32(line.count), file) != nil else { return ethernet }
    return Int(atoi(line)) > 0 ? Int(atoi(line)) : ethernet
  }
}
