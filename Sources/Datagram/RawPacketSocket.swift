/// Datagram: UDP from a port that somebody else owns.

import CSockets
import Glibc
import Wire

/// Sends IPv4 packets whose UDP header is ours, so the source port need not be bound; the kernel
/// routes them and asks for hardware addresses.
package final class RawPacketSocket: Sendable {
  private let descriptor: Int32

  /// Needs CAP_NET_RAW.
  package init() throws(SocketError) {
    descriptor = fino_raw_open()
    guard descriptor >= 0 else { throw SocketError("send raw packets", code: -descriptor) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Never blocks; answers why the kernel did not take it.
  package func send(_ packet: UDPPacket) -> SocketError? {
    let bytes = packet.bytes
    let result = fino_raw_send(
      descriptor, bytes, bytes.count, fino_address(.v4(packet.destination)),
      fino_address(.v4(packet.source)))
    return result == 0 ? nil : SocketError("send a packet to \(packet.destination)", code: -result)
  }
}
