/// PacketCapture: what stands in front of the packet in a captured frame.

/// Named by the numbers of tcpdump's registry (LINKTYPE_); the low 16 bits of a pcap file's field.
package enum LinkType: Hashable, Sendable {
  case ethernet
  /// The packet itself; its first four bits say which IP.
  case rawIP
  /// LINKTYPE_LINUX_SLL: `tcpdump -i any` of old.
  case linuxCooked
  /// LINKTYPE_LINUX_SLL2: `tcpdump -i any` of today.
  case linuxCooked2
  /// LINKTYPE_NULL and LINKTYPE_LOOP: an address family of four bytes.
  case loopback
  /// One whose frames are not decoded here.
  case other(UInt16)

  package init(number: UInt16) {
    self =
      switch number {
      case 1: .ethernet
      // 12 and 14 are what DLT_RAW was on some systems.
      case 12, 14, 101, 228, 229: .rawIP
      case 113: .linuxCooked
      case 276: .linuxCooked2
      case 0, 108: .loopback
      default: .other(number)
      }
  }

  package var number: UInt16 {
    switch self {
    case .ethernet: 1
    case .rawIP: 101
    case .linuxCooked: 113
    case .linuxCooked2: 276
    case .loopback: 0
    case .other(let number): number
    }
  }
}
