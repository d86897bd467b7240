/// IPMI: asks the system's resolver for a BMC's addresses.

import Dispatch
import Glibc
import Wire

enum HostName {
  /// More than a name of a BMC ever has.
  private static let limit = 4

  /// `getaddrinfo` may block for many seconds, so it runs on a thread of its own and answers there.
  /// The addresses are in the order in which they should be tried (RFC 6724), without repetitions.
  static func resolve(
    _ name: String, _ answer: @escaping @Sendable (Result<[IPAddress], IPMIError>) -> Void
  ) {
    DispatchQueue.global().async { answer(lookUp(name)) }
  }

  private static func lookUp(_ name: String) -> Result<[IPAddress], IPMIError> {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(name, nil, &hints, &list)
    guard status == 0, let list else {
      return .failure(.unknownHost(name, String(cString: gai_strerror(status))))
    }
    defer { freeaddrinfo(list) }
    var found: [IPAddress] = []
    var next: UnsafeMutablePointer<addrinfo>? = list
    while let entry = next, found.count < limit {
      if let address = address(of: entry.pointee), !found.contains(address) {
        found.append(address)
      }
      next = entry.pointee.ai_next
    }
    return found.isEmpty ? .failure(.unknownHost(name, "no address")) : .success(found)
  }

  private static func address(of entry: addrinfo) -> IPAddress? {
    guard let address = entry.ai_addr else { return nil }
    switch entry.ai_family {
    case AF_INET:
      return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
        .v4(IPv4Address(value: UInt32(bigEndian: $0.pointee.sin_addr.s_addr)))
      }
    case AF_INET6:
      return address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { six in
        withUnsafeBytes(of: six.pointee.sin6_addr) { bytes in
          func number(_ range: Range<Int>) -> UInt64 {
            bytes[range].reduce(0) { $0 << 8 | UInt64($1) }
          }
          return .v6(IPv6Address(high: number(0..<8), low: number(8..<16)))
        }
      }
    default:
      return nil
    }
  }
}
