/// PacketCapture: the records of a pcap file.

/// What the header of a pcap file says (draft-ietf-opsawg-pcap §4).
///
///     magic (4) · major (2) · minor (2) · zone (4) · sigfigs (4) · snaplen (4) · link type (4)
struct ClassicHeader {
  /// The magic number, as it is read here, tells the byte order, the unit of the fractions and the
  /// length of a record's header.
  struct Variant {
    var isSwapped: Bool
    /// Nanoseconds of one unit of the second word of a time.
    var unit: UInt64
    var recordHeader: Int

    init?(magic: UInt32) {
      switch magic {
      case 0xa1b2_c3d4: (isSwapped, unit, recordHeader) = (false, 1000, 16)
      case 0xd4c3_b2a1: (isSwapped, unit, recordHeader) = (true, 1000, 16)
      case 0xa1b2_3c4d: (isSwapped, unit, recordHeader) = (false, 1, 16)
      case 0x4d3c_b2a1: (isSwapped, unit, recordHeader) = (true, 1, 16)
      // Kuznetsov's, of old Linux distributions: interface, protocol and type follow.
      case 0xa1b2_cd34: (isSwapped, unit, recordHeader) = (false, 1000, 24)
      case 0x34cd_b2a1: (isSwapped, unit, recordHeader) = (true, 1000, 24)
      default: return nil
      }
    }
  }

  var variant: Variant
  var interface: CaptureInterface

  /// The upper bits of the link type tell of check sums behind the frames.
  init(variant: Variant, snapLength: UInt32, linkType: UInt32) {
    self.variant = variant
    interface = CaptureInterface(
      linkType: LinkType(number: UInt16(truncatingIfNeeded: linkType)),
      snapLength: Int(snapLength))
  }
}

extension CaptureReader {
  /// seconds (4) · fraction (4) · captured length (4) · original length (4) · bytes
  @inline(__always)
  mutating func nextClassic(_ header: ClassicHeader) throws(CaptureError) -> CapturedFrame? {
    let size = header.variant.recordHeader
    guard try fill(size) else { return ended() }
    let swapped = header.variant.isSwapped
    let captured = Int(word(8, swapped: swapped))
    guard captured <= Self.longestFrame else {
      throw refuse("the file is damaged: a frame of \(captured) bytes is longer than any")
    }
    guard try fill(size + captured) else { return ended() }
    let first = start + size
    let time =
      UInt64(word(0, swapped: swapped)) &* 1_000_000_000
      &+ UInt64(word(4, swapped: swapped)) &* header.variant.unit
    let original = Int(word(12, swapped: swapped))
    start = first + captured
    frameCount += 1
    return CapturedFrame(
      number: frameCount, time: time, linkType: header.interface.linkType,
      // Some writers swapped the two lengths or left this one out.
      originalLength: max(original, captured), bytes: buffer[first..<start])
  }
}
