/// PacketCapture: the classic pcap file, as tcpdump writes it.

package import Wire

/// A capture in libpcap's file format: a header of 24 bytes, then records.
///
///     magic (4) · major (2) · minor (2) · zone (4) · sigfigs (4) · snaplen (4) · link type (4)
///     seconds (4) · micro- or nanoseconds (4) · captured length (4) · original length (4) · bytes
///
/// The magic tells the byte order and the unit of the fractions.
package struct CaptureFile: Equatable, Sendable {
  package struct Record: Equatable, Sendable {
    /// Since 1970, in nanoseconds.
    package var timestamp: UInt64
    package var originalLength: Int
    /// What was kept of the frame.
    package var bytes: [UInt8]
  }

  /// LINKTYPE_ETHERNET is 1.
  package var linkType: UInt32
  package var records: [Record]
  /// The last record is cut short, as in a file that is still being written.
  package var isTruncated: Bool

  package init(parsing bytes: [UInt8]) throws(WireError) {
    var reader = ByteReader(bytes)
    let magic = try reader.readUInt32("magic")
    let isLittle: Bool
    let unit: UInt64
    switch magic {
    case 0xa1b2_c3d4: (isLittle, unit) = (false, 1000)
    case 0xd4c3_b2a1: (isLittle, unit) = (true, 1000)
    case 0xa1b2_3c4d: (isLittle, unit) = (false, 1)
    case 0x4d3c_b2a1: (isLittle, unit) = (true, 1)
    default: throw reader.invalid("magic", "is not a pcap file's", back: 4)
    }
    func word(_ field: String) throws(WireError) -> UInt32 {
      isLittle ? try reader.readUInt32LE(field) : try reader.readUInt32(field)
    }
    try reader.skip(16, "pcap header")
    linkType = try word("link type")
    records = []
    isTruncated = false
    while reader.remaining > 0 {
      guard reader.remaining >= 16 else {
        isTruncated = true
        return
      }
      let seconds = try word("seconds")
      let fraction = try word("fraction")
      let captured = try word("captured length")
      let original = try word("original length")
      guard Int(captured) <= reader.remaining else {
        isTruncated = true
        return
      }
      records.append(
        Record(
          timestamp: UInt64(seconds) * 1_000_000_000 + UInt64(fraction) * unit,
          originalLength: Int(original),
          bytes: Array(try reader.readBytes(Int(captured), "frame"))))
    }
  }
}
