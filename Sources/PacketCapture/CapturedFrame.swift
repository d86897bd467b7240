/// PacketCapture: one frame of a capture, as it was on the wire.

package struct CapturedFrame: Sendable {
  /// From 1, as Wireshark numbers them.
  package var number: Int
  /// Nanoseconds since 1970.
  package var time: UInt64
  /// Index in the reader's `interfaces`.
  package var interface: Int
  package var linkType: LinkType
  /// How long the frame was on the wire.
  package var originalLength: Int
  /// What was kept of it. A part of the reader's buffer of 1 MiB: who keeps it for long makes an
  /// `Array` of it, or the buffer stays as well.
  package var bytes: ArraySlice<UInt8>
  /// The packet comment of pcapng; several are joined by line ends.
  package var comment: String?

  package init(
    number: Int, time: UInt64, interface: Int = 0, linkType: LinkType = .ethernet,
    originalLength: Int? = nil, bytes: ArraySlice<UInt8>, comment: String? = nil
  ) {
    self.number = number
    self.time = time
    self.interface = interface
    self.linkType = linkType
    self.originalLength = originalLength ?? bytes.count
    self.bytes = bytes
    self.comment = comment
  }
}

/// Where frames were captured.
package struct CaptureInterface: Equatable, Sendable {
  /// pcapng's if_name: `eth0`.
  package var name: String?
  package var linkType: LinkType
  /// Longer frames were cut; 0 is no limit.
  package var snapLength: Int
  /// Frames that the kernel lost for want of room, as far as the file says.
  package var dropped: UInt64 = 0

  package init(name: String? = nil, linkType: LinkType = .ethernet, snapLength: Int = 0) {
    self.name = name
    self.linkType = linkType
    self.snapLength = snapLength
  }
}
