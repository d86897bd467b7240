/// Datagram: the interfaces of this machine, as far as boot service needs them.

import CSockets
import Glibc
package import Wire

/// A network interface with its addresses.
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
  /// In the kernel's order, link-local ones among them; not those that it still looks for duplicates
  /// of (RFC 4862 §5.4): they cannot be bound yet.
  package var networks6: [IPv6Network]

  package init(
    name: String, index: Int, isUp: Bool, isLoopback: Bool, mtu: Int, networks: [IPv4Network],
    networks6: [IPv6Network] = []
  ) {
    self.name = name
    self.index = index
    self.isUp = isUp
    self.isLoopback = isLoopback
    self.mtu = mtu
    self.networks = networks
    self.networks6 = networks6
  }

  /// All interfaces of this network namespace, by index.
  package static func all() throws(SocketError) -> [NetworkInterface] {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else {
      throw SocketError("list the network interfaces", code: errno)
    }
    defer { freeifaddrs(list) }
    let unusable = unusableAddresses()
    var found: [String: NetworkInterface] = [:]
    var next = list
    while let entry = next?.pointee {
      next = entry.ifa_next
      // An address may have a label (`eth0:1`) and is told under that.
      let name = String(String(cString: entry.ifa_name).prefix { $0 != ":" })
      var interface =
        found[name]
        ?? NetworkInterface(
          name: name, index: Int(if_nametoindex(name)),
          isUp: entry.ifa_flags & UInt32(IFF_UP) != 0,
          isLoopback: entry.ifa_flags & UInt32(IFF_LOOPBACK) != 0,
          mtu: maximumTransmissionUnit(of: name), networks: [])
      if let address = ipv4(entry.ifa_addr), let mask = ipv4(entry.ifa_netmask) {
        interface.networks.append(
          IPv4Network(address, prefixLength: mask.value.nonzeroBitCount))
      }
      if let address = ipv6(entry.ifa_addr), let mask = ipv6(entry.ifa_netmask),
        !unusable.contains("\(interface.index) \(address)")
      {
        interface.networks6.append(
          IPv6Network(
            address, prefixLength: mask.high.nonzeroBitCount + mask.low.nonzeroBitCount))
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

  private static func ipv6(_ address: UnsafeMutablePointer<sockaddr>?) -> IPv6Address? {
    guard let address, address.pointee.sa_family == sa_family_t(AF_INET6) else { return nil }
    return address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
      withUnsafeBytes(of: $0.pointee.sin6_addr) { IPv6Address(bytes: $0) }
    }
  }

  private static func maximumTransmissionUnit(of name: String) -> Int {
    let ethernet = 1500
    let mtu = Int(fino_interface_mtu(name))
    return mtu > 0 ? mtu : ethernet
  }

  /// Index and address of those that are tentative or turned out to be another machine's. One line an
  /// address: the address, index, prefix length, scope and flags in hexadecimal, the name.
  private static func unusableAddresses() -> Set<String> {
    // The thread's own namespace; `/proc/net` is that of the process.
    guard let file = fopen("/proc/thread-self/net/if_inet6", "re") else { return [] }
    defer { fclose(file) }
    let tentative = 0x40
    let duplicate = 0x08
    var found: Set<String> = []
    var line = [CChar](repeating: 0, count: 256)
    while fgets(&line, Int32(line.count), file) != nil {
      let text = String(
        decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      let columns = text.split(whereSeparator: \.isWhitespace)
      guard columns.count >= 6, columns[0].utf8.count == 32,
        let high = UInt64(columns[0].prefix(16), radix: 16),
        let low = UInt64(columns[0].suffix(16), radix: 16),
        let index = Int(columns[1], radix: 16), let flags = Int(columns[4], radix: 16)
      else { continue }
      if flags & (tentative | duplicate) != 0 {
        found.insert("\(index) \(IPv6Address(high: high, low: low))")
      }
    }
    return found
  }
}
