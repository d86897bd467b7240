/// PacketCapture: the ring, for those who fill it and those who ask.

import Synchronization
package import Wire

/// A `CaptureRing` behind a lock. Also finds out whose frame is whose: a frame is kept for the machine
/// that it comes from or goes to, and a DHCP message for the one that it names.
package final class SharedCaptureRing: Sendable {
  private let ring: Mutex<CaptureRing>
  /// Addresses of the appliance itself and of others that are no clients.
  private let excluded: Set<MACAddress>

  package init(_ ring: CaptureRing, excluding: Set<MACAddress> = []) {
    self.ring = Mutex(ring)
    excluded = excluding
  }

  package func add(
    _ bytes: [UInt8], originalLength: Int, time: UInt64, interface: Int, isOutgoing: Bool
  ) {
    var decoder = PacketDecoder()
    let frame = CapturedFrame(number: 1, time: 0, bytes: bytes[...])
    guard let packet = try? decoder.decode(frame) else { return }
    let owners = Self.machines(in: packet).filter { !excluded.contains($0) }
    guard !owners.isEmpty else { return }
    let isConversation = Self.isConversation(packet)
    ring.withLock { ring in
      for owner in owners {
        ring.add(
          bytes[...], originalLength: originalLength, time: time, interface: interface,
          isOutgoing: isOutgoing, for: owner, isConversation: isConversation)
      }
    }
  }

  @discardableResult
  package func comment(
    _ text: String, for machine: MACAddress, at time: UInt64 = .max,
    matching: (CaptureRing.Entry) -> Bool = { _ in true }
  ) -> Bool {
    ring.withLock { $0.comment(text, for: machine, at: time, matching: matching) }
  }

  /// A pcapng file of the machine's frames between two times; nil when there are none.
  package func capture(
    of machine: MACAddress, from: UInt64 = 0, to: UInt64 = .max, application: String
  ) throws(CaptureError) -> [UInt8]? {
    // The lock is held for a copy of the frames' references alone.
    let copy = ring.withLock { $0 }
    return try copy.capture(of: machine, from: from, to: to, application: application)
  }

  /// The machine's frames between two times, oldest first.
  package func frames(
    of machine: MACAddress, from: UInt64 = 0, to: UInt64 = .max
  ) -> [CaptureRing.Entry] {
    let copy = ring.withLock { $0 }
    return copy.frames(of: machine, from: from, to: to).entries
  }

  /// When each machine was heard last, in nanoseconds since 1970.
  package var lastHeard: [MACAddress: UInt64] { ring.withLock(\.lastHeard) }

  /// Whether the machine's frames from that time on are all there.
  package func isWhole(_ machine: MACAddress, from: UInt64) -> Bool {
    ring.withLock { $0.isWhole(machine, from: from) }
  }

  /// What is said, not what is carried: it is kept to its end. A script leaves with its HTTP head.
  static func isConversation(_ packet: Packet) -> Bool {
    switch packet.content {
    case .udp(let source, let destination, _, _):
      [53, 67, 68, 69, 546, 547, 4011].contains { $0 == source || $0 == destination }
    case .tcp(let segment):
      ["HTTP", "GET ", "HEAD", "POST", "PUT "].contains { segment.payload.starts(with: $0.utf8) }
    default: false
    }
  }

  package var cost: Int { ring.withLock { $0.cost } }

  /// The machine that a DHCP message names (`chaddr`); else both ends of the frame, without groups.
  static func machines(in packet: Packet) -> [MACAddress] {
    if case .udp(let source, let destination, let payload, _) = packet.content,
      [67, 68, 4011].contains(source) || [67, 68, 4011].contains(destination),
      packet.source.v4 != nil, payload.count >= 34
    {
      let start = payload.startIndex + 28
      if payload[payload.startIndex + 2] == 6,
        let machine = MACAddress(bytes: payload[start..<(start + 6)]), machine.isUnicast
      {
        return [machine]
      }
    }
    return [packet.sourceHardware, packet.destinationHardware].compactMap { $0 }
      .filter(\.isUnicast)
  }
}
