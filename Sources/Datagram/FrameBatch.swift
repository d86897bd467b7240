/// Datagram: frames that leave together, as their bytes.

import CSockets
package import Wire

/// Packets one behind the other in one buffer, each with the hardware address that it goes to.
package struct FrameBatch: Sendable {
  private(set) var arena = ByteWriter()
  private(set) var places: [fino_frame] = []

  package init() {}

  package var isEmpty: Bool { places.isEmpty }

  package mutating func add(_ packet: UDPPacket, to hardware: MACAddress) {
    var place = fino_frame()
    place.offset = arena.count
    packet.encode(into: &arena)
    place.count = arena.count - place.offset
    withUnsafeMutableBytes(of: &place.hardware) { bytes in
      for index in bytes.indices {
        bytes[index] = UInt8(truncatingIfNeeded: hardware.value >> UInt64(40 - 8 * index))
      }
    }
    places.append(place)
  }

  /// Begins anew, in the room that there is.
  package mutating func removeAll() {
    arena.removeAll()
    places.removeAll(keepingCapacity: true)
  }
}
