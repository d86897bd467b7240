/// Datagram: UDP to a machine that has no address yet, in a frame to its hardware address.

import CSockets
import Glibc
package import Wire

/// Sends UDP datagrams in link-layer frames: a client without an IP address cannot be asked for its
/// hardware address by ARP, but DHCP told it (RFC 2131 §4.1).
package final class RawFrameSocket: Sendable {
  private let descriptor: Int32
  private let interfaceIndex: Int32
  private let interfaceName: String

  package struct Frame: Sendable {
    package var packet: UDPPacket
    package var hardware: MACAddress

    package init(_ packet: UDPPacket, to hardware: MACAddress) {
      self.packet = packet
      self.hardware = hardware
    }
  }

  /// Needs CAP_NET_RAW.
  package init(interface: NetworkInterface) throws(SocketError) {
    interfaceIndex = Int32(clamping: interface.index)
    interfaceName = interface.name
    descriptor = fino_packet_open(interfaceIndex)
    guard descriptor >= 0 else {
      throw SocketError("send raw frames on \(interface.name)", code: -descriptor)
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Hands them to the kernel together. Never blocks; answers, by the frame's number, what the
  /// kernel did not take.
  package func send(_ frames: [Frame]) -> [Int: SocketError] {
    var batch = FrameBatch()
    for frame in frames { batch.add(frame.packet, to: frame.hardware) }
    return send(batch)
  }

  /// The same for frames that are encoded already.
  package func send(_ batch: FrameBatch) -> [Int: SocketError] {
    let places = batch.places
    var failures: [Int: SocketError] = [:]
    var next = 0
    while next < places.count {
      let sent = places.withUnsafeBufferPointer { places in
        fino_packet_send(
          descriptor, interfaceIndex, batch.arena.bytes, places.baseAddress.map { $0 + next },
          Int32(clamping: places.count - next))
      }
      if sent > 0 {
        next += Int(sent)
      } else {
        failures[next] = SocketError("send a frame on \(interfaceName)", code: -sent)
        next += 1
      }
    }
    return failures
  }
}
