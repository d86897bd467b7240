/// Datagram: hears a port's DHCP messages without owning the port.

import CSockets
import Glibc
import Synchronization
import Wire

/// The IPv4 UDP datagrams that arrive at one interface for one port, as the link layer has them: a
/// program that owns the port gets them as well, and it does not matter who came first.
///
/// Left out by the kernel's filter: what has no DHCP cookie (`RefusedDatagrams` counts it), what this
/// host sends, frames of VLANs (those of `eth0.10` belong to a socket on that interface), frames to
/// another machine's hardware address, fragments. Nobody looked at the rest: its destination may be a
/// machine behind this one, its source may be anything.
package final class CaptureSocket: Sendable {
  private let loop: DatagramLoop
  private let descriptor: Mutex<Int32>

  /// Needs CAP_NET_RAW. `bothWays` is for what leaves this host too; it costs every packet of the
  /// interface a look. `receive` runs on the loop's thread and is given all that waited, 32 at most.
  package init(
    on loop: DatagramLoop, interface: NetworkInterface, port: UInt16, bothWays: Bool = false,
    receive: @escaping @Sendable ([ReceivedDatagram]) -> Void
  ) throws(SocketError) {
    let index = Int32(clamping: interface.index)
    let fd = fino_capture_open(index, port, bothWays ? 1 : 0)
    guard fd >= 0 else {
      throw SocketError("listen to UDP port \(port) on \(interface.name)", code: -fd)
    }
    do throws(SocketError) {
      try loop.add(fd) { batch in
        // "Network is down" is told once when an interface goes down; it comes back by itself.
        guard let packets = try? batch.receive(from: fd) else { return }
        let datagrams = packets.compactMap { received in
          (try? UDPPacket(parsing: received.payload)).map { packet in
            ReceivedDatagram(
              payload: packet.payload,
              source: Endpoint(packet.source, packet.sourcePort),
              destination: .v4(packet.destination), local: .any, interfaceIndex: Int(index),
              hardware: received.hardware)
          }
        }
        if !datagrams.isEmpty { receive(datagrams) }
      }
    } catch {
      Glibc.close(fd)
      throw error
    }
    self.loop = loop
    descriptor = Mutex(fd)
  }

  /// No callback runs after the loop's present round.
  package func close() {
    let fd = descriptor.withLock { fd in
      defer { fd = -1 }
      return fd
    }
    if fd >= 0 { loop.close(fd) }
  }

  deinit {
    close()
  }
}
