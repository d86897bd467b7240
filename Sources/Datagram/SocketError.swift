/// Datagram: what the kernel said when a socket could not be had or used.

#if canImport(Glibc)
  import Glibc
#endif

/// A socket call failed. The description is one sentence for people.
package struct SocketError: Error, Equatable, Sendable {
  /// What was being done: `bind UDP port 67 on eth0`.
  package var operation: String
  /// The kernel's errno.
  package var code: Int32

  package init(_ operation: String, code: Int32) {
    self.operation = operation
    self.code = code
  }

  /// Somebody else holds the port.
  package var isAddressInUse: Bool { code == EADDRINUSE }

  /// The port or the option needs a right that this process does not have.
  package var isForbidden: Bool { code == EACCES || code == EPERM }

  /// The peer's kernel answered "port unreachable" (ICMP).
  package var isRefused: Bool { code == ECONNREFUSED }
}

extension SocketError: CustomStringConvertible {
  package var description: String {
    let reason =
      switch code {
      case EADDRINUSE: "the port is taken"
      case EACCES, EPERM: "not allowed (root or a capability is needed)"
      case EADDRNOTAVAIL: "the address is not one of this machine"
      case ENODEV: "there is no such interface"
      default: String(cString: strerror(code))
      }
    return "cannot \(operation): \(reason)"
  }
}
