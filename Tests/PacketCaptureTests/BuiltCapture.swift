/// Tests of PacketCapture: captures put together by hand, in either byte order.

/// Writes words and blocks; frames are Ethernet.
struct BuiltCapture {
  var bytes: [UInt8] = []
  let isBig: Bool

  init(isBig: Bool = false) { self.isBig = isBig }

  mutating func word(_ value: UInt32) {
    withUnsafeBytes(of: isBig ? value.bigEndian : value.littleEndian) { bytes += $0 }
  }

  mutating func half(_ value: UInt16) {
    withUnsafeBytes(of: isBig ? value.bigEndian : value.littleEndian) { bytes += $0 }
  }

  static func classic(
    isBig: Bool, magic: UInt32 = 0xa1b2_c3d4, linkType: UInt32 = 1, frames: [[UInt8]]
  ) -> [UInt8] {
    var capture = BuiltCapture(isBig: isBig)
    for word in [magic, 0x0004_0002, 0, 0, 262_144, linkType] as [UInt32] { capture.word(word) }
    for (index, frame) in frames.enumerated() {
      for word in [1000, UInt32(index) + 5, UInt32(frame.count), UInt32(frame.count) + 3] {
        capture.word(word)
      }
      capture.bytes += frame
    }
    return capture.bytes
  }

  mutating func block(_ type: UInt32, _ body: (inout BuiltCapture) -> Void) {
    var inner = BuiltCapture(isBig: isBig)
    body(&inner)
    while inner.bytes.count % 4 != 0 { inner.bytes.append(0) }
    word(type)
    word(UInt32(inner.bytes.count + 12))
    bytes += inner.bytes
    word(UInt32(inner.bytes.count + 12))
  }

  mutating func option(_ code: UInt16, _ value: [UInt8]) {
    half(code)
    half(UInt16(value.count))
    bytes += value
    while bytes.count % 4 != 0 { bytes.append(0) }
  }

  mutating func section() {
    block(0x0a0d_0d0a) {
      $0.word(0x1a2b_3c4d)
      $0.half(1)
      $0.half(0)
      $0.word(0xffff_ffff)
      $0.word(0xffff_ffff)
    }
  }

  mutating func interface(
    linkType: UInt16 = 1, snapLength: UInt32 = 0, name: String? = nil, resolution: UInt8? = nil
  ) {
    block(1) {
      $0.half(linkType)
      $0.half(0)
      $0.word(snapLength)
      if let name { $0.option(2, Array(name.utf8)) }
      if let resolution { $0.option(9, [resolution]) }
      $0.option(0, [])
    }
  }

  mutating func packet(
    _ frame: [UInt8], interface: UInt32 = 0, ticks: UInt64, comments: [String] = []
  ) {
    block(6) {
      $0.word(interface)
      $0.word(UInt32(ticks >> 32))
      $0.word(UInt32(truncatingIfNeeded: ticks))
      $0.word(UInt32(frame.count))
      $0.word(UInt32(frame.count))
      $0.bytes += frame
      while $0.bytes.count % 4 != 0 { $0.bytes.append(0) }
      for comment in comments { $0.option(1, Array(comment.utf8)) }
    }
  }
}
