/// Datagram: which address of ours the kernel would talk from.

import CSockets
import Glibc
package import Wire

package enum LocalRoute {
  /// The source address of a datagram to `peer`; nil without a route. An address of this machine is
  /// reached from itself. Nothing is sent.
  package static func source(toward peer: IPv4Address) -> IPv4Address? {
    let fd = fino_udp_open(4)
    guard fd >= 0 else { return nil }
    defer { close(fd) }
    var address = fino_address()
    var port: UInt16 = 0
    guard fino_udp_connect(fd, fino_address(.v4(peer)), 67, 0) == 0,
      fino_udp_local(fd, &address, &port) == 0
    else { return nil }
    return IPAddress(address)?.v4.flatMap { $0.isUnspecified ? nil : $0 }
  }
}
