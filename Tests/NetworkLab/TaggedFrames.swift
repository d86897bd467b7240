/// NetworkLab: frames of a VLAN, also where the kernel has no VLAN interfaces.

package import Datagram
import Glibc
import Wire

/// Sends DHCP questions by broadcast with an 802.1Q tag.
package final class TaggedFrames: Sendable {
  private let descriptor: Int32
  private let address: [UInt8]
  private let tag: [UInt8]

  private static let dot1Q: [UInt8] = [0x81, 0x00]

  package init(
    _ interface: NetworkInterface, vlan: UInt16, on loop: DatagramLoop
  ) async throws {
    descriptor = await withCheckedContinuation { continuation in
      // SOCK_DGRAM: the kernel makes the Ethernet header, with the type that is in the address.
      loop.execute {
        continuation.resume(returning: socket(AF_PACKET, Int32(SOCK_DGRAM.rawValue), 0))
      }
    }
    // struct sockaddr_ll, which Swift's Glibc module lacks.
    let family = withUnsafeBytes(of: UInt16(AF_PACKET)) { Array($0) }
    let index = withUnsafeBytes(of: Int32(interface.index)) { Array($0) }
    address =
      family + Self.dot1Q + index + [0, 0, 0, 6] + [UInt8](repeating: 0xff, count: 6) + [0, 0]
    tag = [UInt8(truncatingIfNeeded: vlan >> 8), UInt8(truncatingIfNeeded: vlan), 0x08, 0x00]
  }

  package func send(_ message: [UInt8]) {
    guard
      let packet = UDPPacket(
        source: Endpoint(IPv4Address.any, 68), destination: Endpoint(IPv4Address.broadcast, 67),
        payload: message)
    else { return }
    let frame = tag + packet.bytes
    address.withUnsafeBytes { address in
      guard let base = address.baseAddress else { return }
      _ = sendto(
        descriptor, frame, frame.count, 0, base.assumingMemoryBound(to: sockaddr.self),
        socklen_t(address.count))
    }
  }

  deinit {
    close(descriptor)
  }
}
