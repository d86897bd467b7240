/// IPMI: asks the system's resolver for a BMC's address.

import Dispatch
import Glibc
import Wire

enum HostName {
  /// `getaddrinfo` may block for many seconds, so it runs on a thread of its own and answers there.
  static func resolve(
    _ name: String, _ answer: @escaping @Sendable (Result<IPv4Address, IPMIError>) -> Void
  ) {
    DispatchQueue.global().async { answer(lookUp(name)) }
  }

  private static func lookUp(_ name: String) -> Result<IPv4Address, IPMIError> {
    var hints = addrinfo()
    hints.ai_family = AF_INET
    hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(name, nil, &hints, &list)
    guard status == 0, let first = list else {
      return .failure(.unknownHost(name, String(cString: gai_strerror(status))))
    }
    defer { freeaddrinfo(first) }
    guard let address = first.pointee.ai_addr, first.pointee.ai_family == AF_INET else {
      return .failure(.unknownHost(name, "no IPv4 address"))
    }
    return address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
      .success(IPv4Address(value: UInt32(bigEndian: $0.pointee.sin_addr.s_addr)))
    }
  }
}
