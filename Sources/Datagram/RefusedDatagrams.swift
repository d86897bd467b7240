/// Datagram: how much arrived for ports that are captured and was no DHCP.

import CSockets
import Glibc
import Synchronization

/// A count that the kernel keeps: a flood of what has no DHCP cookie costs us nothing.
package final class RefusedDatagrams: Sendable {
  private let descriptor: Mutex<Int32>

  /// Needs CAP_NET_RAW.
  package init(
    at interface: NetworkInterface, ports: (UInt16, UInt16)
  ) throws(SocketError) {
    let fd = fino_refused_open(Int32(clamping: interface.index), ports.0, ports.1)
    guard fd >= 0 else {
      throw SocketError("count what is refused on \(interface.name)", code: -fd)
    }
    descriptor = Mutex(fd)
  }

  /// How many there were since it was asked last.
  package func take() -> Int {
    descriptor.withLock { fd in
      var refused: UInt32 = 0
      var beyond: UInt32 = 0
      guard fd >= 0, fino_frames_counts(fd, &refused, &beyond) == 0 else { return 0 }
      return Int(refused)
    }
  }

  package func close() {
    descriptor.withLock { fd in
      if fd >= 0 { Glibc.close(fd) }
      fd = -1
    }
  }

  deinit {
    close()
  }
}
