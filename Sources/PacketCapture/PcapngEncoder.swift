/// PacketCapture: the blocks of a pcapng file, as bytes.

import Wire

/// draft-ietf-opsawg-pcapng, little endian, times in nanoseconds. All blocks have one frame:
///
///     type (4) · total length (4) · body, padded to four bytes · total length (4)
package struct PcapngEncoder: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
  }

  /// §4.1. Its length is left open: the section may be written on.
  package mutating func section(application: String) throws(CaptureError) {
    let start = begin(PcapngSection.magic)
    word(PcapngSection.byteOrderMagic)
    half(1)
    half(0)
    word(0xffff_ffff)
    word(0xffff_ffff)
    try option(Option.application, application)
    end(start)
  }

  /// §4.2. Interfaces count from 0 in the order in which they are written.
  package mutating func interface(_ interface: CaptureInterface) throws(CaptureError) {
    let start = begin(PcapngSection.BlockType.interface)
    half(interface.linkType.number)
    half(0)
    word(UInt32(clamping: interface.snapLength))
    if let name = interface.name { try option(PcapngSection.OptionCode.interfaceName, name) }
    option(PcapngSection.OptionCode.timeResolution, [9])
    end(start)
  }

  /// §4.3. Refuses what no reader takes: a frame of more than 256 KiB, a comment of more than 64 KB.
  package mutating func packet(
    _ frame: CapturedFrame, isOutgoing: Bool? = nil
  ) throws(CaptureError) {
    guard frame.bytes.count <= CaptureReader.longestFrame else {
      throw CaptureError("a frame of \(frame.bytes.count) bytes is longer than a capture may hold")
    }
    let start = begin(PcapngSection.BlockType.enhancedPacket)
    word(UInt32(clamping: frame.interface))
    word(UInt32(truncatingIfNeeded: frame.time >> 32))
    word(UInt32(truncatingIfNeeded: frame.time))
    word(UInt32(clamping: frame.bytes.count))
    word(UInt32(clamping: max(frame.originalLength, frame.bytes.count)))
    bytes.append(contentsOf: frame.bytes)
    pad(start)
    if frame.comment != nil || isOutgoing != nil {
      if let comment = frame.comment {
        do throws(CaptureError) {
          try option(PcapngSection.OptionCode.comment, comment)
        } catch {
          bytes.removeLast(bytes.count - start)
          throw error
        }
      }
      if let isOutgoing { option(Option.flags, [isOutgoing ? 2 : 1, 0, 0, 0]) }
      half(PcapngSection.OptionCode.end)
      half(0)
    }
    end(start, endsOptions: false)
  }

  /// §4.6: what was received and what was lost, at `time` (nanoseconds since 1970).
  package mutating func statistics(
    interface: Int, time: UInt64, received: UInt64, dropped: UInt64
  ) {
    let start = begin(PcapngSection.BlockType.statistics)
    word(UInt32(clamping: interface))
    word(UInt32(truncatingIfNeeded: time >> 32))
    word(UInt32(truncatingIfNeeded: time))
    for (code, count) in [
      (PcapngSection.OptionCode.received, received), (PcapngSection.OptionCode.dropped, dropped),
    ] {
      option(code, withUnsafeBytes(of: count.littleEndian) { Array($0) })
    }
    end(start)
  }

  private enum Option {
    /// In section headers.
    static let application: UInt16 = 4
    /// In enhanced packets: the two low bits say 1 inbound, 2 outbound.
    static let flags: UInt16 = 2
  }

  private mutating func half(_ value: UInt16) {
    bytes.append(UInt8(truncatingIfNeeded: value))
    bytes.append(UInt8(truncatingIfNeeded: value >> 8))
  }

  private mutating func word(_ value: UInt32) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// To four bytes from the block's beginning.
  private mutating func pad(_ start: Int) {
    while (bytes.count - start) & 3 != 0 { bytes.append(0) }
  }

  private mutating func option(_ code: UInt16, _ text: String) throws(CaptureError) {
    guard text.utf8.count <= Int(UInt16.max) else {
      throw CaptureError("a text of \(text.utf8.count) bytes is longer than a capture may hold")
    }
    option(code, Array(text.utf8))
  }

  /// `value` has at most 65,535 bytes.
  private mutating func option(_ code: UInt16, _ value: [UInt8]) {
    half(code)
    half(UInt16(truncatingIfNeeded: value.count))
    bytes.append(contentsOf: value)
    while bytes.count & 3 != 0 { bytes.append(0) }
  }

  private mutating func begin(_ type: UInt32) -> Int {
    let start = bytes.count
    word(type)
    word(0)
    return start
  }

  /// Closes the options and the block; now its length is known.
  private mutating func end(_ start: Int, endsOptions: Bool = true) {
    if endsOptions {
      half(PcapngSection.OptionCode.end)
      half(0)
    }
    let length = UInt32(truncatingIfNeeded: bytes.count - start + 4)
    word(length)
    withUnsafeBytes(of: length.littleEndian) { length in
      bytes.replaceSubrange((start + 4)..<(start + 8), with: length)
    }
  }
}
