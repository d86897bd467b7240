/// PacketCapture: the blocks of a pcapng file.

extension CaptureReader {
  private typealias BlockType = PcapngSection.BlockType
  private typealias OptionCode = PcapngSection.OptionCode

  /// The next block with a frame in it; the others are noted or passed over.
  mutating func nextOfBlocks() throws(CaptureError) -> CapturedFrame? {
    guard case .pcapng(var section) = format else { return nil }
    // While it is at work on it: the array of clocks is not copied.
    format = .ended
    var frame: CapturedFrame?
    while frame == nil {
      guard try fill(12) else { return ended() }
      let type = word(0, swapped: section.isSwapped)
      if type == PcapngSection.magic {
        switch word(8, swapped: false) {
        case PcapngSection.byteOrderMagic: section = PcapngSection()
        case PcapngSection.byteOrderMagic.byteSwapped: section = PcapngSection(isSwapped: true)
        default: throw refuse("the file is damaged: a section has no byte order")
        }
        section.firstInterface = interfaces.count
      }
      let total = Int(word(4, swapped: section.isSwapped))
      guard total >= 12 else {
        throw refuse("the file is damaged: a block of \(total) bytes")
      }
      // Some writers forgot to count the padding of the last option.
      let length = (total + 3) & ~3
      let isRead =
        switch type {
        case PcapngSection.magic, BlockType.interface, BlockType.packet, BlockType.simplePacket,
          BlockType.statistics, BlockType.enhancedPacket:
          true
        default: false
        }
      guard isRead else {
        guard try skip(length) else {
          isTruncated = true
          return ended()
        }
        continue
      }
      guard length <= Self.longestBlock else {
        throw refuse("the file is damaged: a block of \(total) bytes is longer than any")
      }
      guard try fill(length) else { return ended() }
      guard word(length - 4, swapped: section.isSwapped) == UInt32(truncatingIfNeeded: total)
      else {
        throw refuse("the file is damaged: the two lengths of a block differ")
      }
      switch type {
      case BlockType.enhancedPacket, BlockType.packet:
        frame = try packet(length, isEnhanced: type == BlockType.enhancedPacket, &section)
      case BlockType.simplePacket: frame = try simplePacket(length, section)
      case BlockType.interface: try addInterface(length, &section)
      case BlockType.statistics: addStatistics(length, section)
      default: break
      }
      start += length
    }
    format = .pcapng(section)
    return frame
  }

  /// interface (4) · time, high (4) · low (4) · captured length (4) · original length (4) · bytes,
  /// padded · options
  private mutating func packet(
    _ length: Int, isEnhanced: Bool, _ section: inout PcapngSection
  ) throws(CaptureError) -> CapturedFrame {
    let swapped = section.isSwapped
    guard length >= 32 else { throw refuse("the file is damaged: a packet block is too short") }
    let captured = Int(word(20, swapped: swapped))
    guard captured <= length - 32 else {
      throw refuse("the file is damaged: a frame of \(captured) bytes in a block of \(length)")
    }
    let index = isEnhanced ? Int(word(8, swapped: swapped)) : Int(halfword(8, swapped: swapped))
    guard index < section.clocks.count else {
      throw refuse("the file is damaged: a frame is of interface \(index), which it has not named")
    }
    let ticks = UInt64(word(12, swapped: swapped)) << 32 | UInt64(word(16, swapped: swapped))
    section.lastTime = section.clocks[index].nanoseconds(ticks)
    let first = start + 28
    var comment: String?
    let optionsStart = 28 + (captured + 3) & ~3
    if optionsStart + 8 <= length { comment = comments(optionsStart, length - 4, swapped) }
    return frame(
      interface: section.firstInterface + index, section.lastTime,
      original: Int(word(24, swapped: swapped)), first..<(first + captured), comment)
  }

  /// original length (4) · bytes, padded. Of the section's first interface.
  private mutating func simplePacket(
    _ length: Int, _ section: PcapngSection
  ) throws(CaptureError) -> CapturedFrame {
    guard length >= 16, !section.clocks.isEmpty else {
      throw refuse("the file is damaged: a simple packet without a length or an interface")
    }
    let original = Int(word(8, swapped: section.isSwapped))
    let limit = interfaces[section.firstInterface].snapLength
    let captured = min(original, length - 16, limit > 0 ? limit : .max)
    let first = start + 12
    return frame(
      interface: section.firstInterface, section.lastTime, original: original,
      first..<(first + captured), nil)
  }

  private mutating func frame(
    interface: Int, _ time: UInt64, original: Int, _ range: Range<Int>, _ comment: String?
  ) -> CapturedFrame {
    frameCount += 1
    return CapturedFrame(
      number: frameCount, time: time, interface: interface,
      linkType: interfaces[interface].linkType, originalLength: max(original, range.count),
      bytes: buffer[range], comment: comment)
  }

  /// link type (2) · reserved (2) · snaplen (4) · options
  private mutating func addInterface(
    _ length: Int, _ section: inout PcapngSection
  ) throws(CaptureError) {
    guard length >= 20 else { throw refuse("the file is damaged: an interface block is too short") }
    // A hostile file would have us remember interfaces without end.
    guard interfaces.count < 4096 else { throw refuse("the file names more than 4096 interfaces") }
    let swapped = section.isSwapped
    var interface = CaptureInterface(
      linkType: LinkType(number: halfword(8, swapped: swapped)),
      snapLength: Int(word(12, swapped: swapped)))
    var resolution: UInt8 = 6
    var offset: UInt64 = 0
    eachOption(16, length - 4, swapped) { code, value in
      switch code {
      case OptionCode.interfaceName:
        interface.name = String(decoding: value.prefix { $0 != 0 }.prefix(64), as: UTF8.self)
      case OptionCode.timeResolution: resolution = value.first ?? 6
      case OptionCode.timeOffset where value.count == 8:
        offset = value.reduce(0) { $0 << 8 | UInt64($1) }
        if !swapped { offset = offset.byteSwapped }
      default: break
      }
    }
    guard let clock = PcapngClock(resolution: resolution, offset: Int64(bitPattern: offset)) else {
      throw refuse("interface \(section.clocks.count) has a unit of time that is too small")
    }
    section.clocks.append(clock)
    interfaces.append(interface)
  }

  /// interface (4) · time (8) · options
  private mutating func addStatistics(_ length: Int, _ section: PcapngSection) {
    guard length >= 24 else { return }
    let swapped = section.isSwapped
    let index = Int(word(8, swapped: swapped))
    guard index < section.clocks.count else { return }
    var dropped: UInt64 = 0
    eachOption(20, length - 4, swapped) { code, value in
      guard code == OptionCode.dropped || code == OptionCode.systemDropped, value.count == 8
      else { return }
      let number = value.reduce(0) { $0 << 8 | UInt64($1) }
      dropped &+= swapped ? number : number.byteSwapped
    }
    interfaces[section.firstInterface + index].dropped = dropped
  }

  private func comments(_ from: Int, _ to: Int, _ swapped: Bool) -> String? {
    var comment: String?
    eachOption(from, to, swapped) { code, value in
      guard code == OptionCode.comment else { return }
      let text = String(decoding: value, as: UTF8.self)
      comment = comment.map { "\($0)\n\(text)" } ?? text
    }
    return comment
  }

  /// code (2) · length (2) · value, padded. One that goes beyond the block ends them.
  private func eachOption(
    _ from: Int, _ to: Int, _ swapped: Bool, _ body: (UInt16, ArraySlice<UInt8>) -> Void
  ) {
    var at = from
    while at + 4 <= to {
      let code = halfword(at, swapped: swapped)
      let length = Int(halfword(at + 2, swapped: swapped))
      guard code != OptionCode.end, at + 4 + length <= to else { return }
      body(code, buffer[(start + at + 4)..<(start + at + 4 + length)])
      at += 4 + (length + 3) & ~3
    }
  }
}
