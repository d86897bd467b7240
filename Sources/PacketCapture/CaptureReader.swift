/// PacketCapture: reads a capture frame by frame, whatever its format.

/// pcap in both byte orders, with micro- and nanoseconds; pcapng with several sections and
/// interfaces; both also through gzip. Holds one buffer of 1 MiB, however large the file is.
///
/// A file that ends within a frame is read as far as it goes, `isTruncated` says so then. What is
/// damaged is refused with its place. A copy of a reader reads the same file on: keep one.
package struct CaptureReader {
  /// No frame, and no block of a kind that is decoded, may be longer.
  static let longestBlock = 1 << 20
  /// tcpdump's own limit of a frame.
  static let longestFrame = 1 << 18

  /// Those that the file has named so far: the first of a pcap file, more as pcapng goes on. All
  /// sections count on.
  package internal(set) var interfaces: [CaptureInterface] = []
  /// The file ended in the middle of something.
  package internal(set) var isTruncated = false
  /// Bytes of the capture that were read so far (of what gzip holds).
  package var offset: UInt64 { bufferOffset &+ UInt64(start) }
  /// How many frames were given.
  package internal(set) var frameCount = 0

  enum Format {
    case unknown
    case classic(ClassicHeader)
    case pcapng(PcapngSection)
    case ended
  }

  private let source: CaptureSource
  var buffer: [UInt8]
  /// The part of the buffer that is still to be read.
  var start = 0
  var end = 0
  /// Of the buffer's first byte, in the file.
  private var bufferOffset: UInt64 = 0
  private var sourceEnded = false
  var format = Format.unknown

  package init(path: String) throws(CaptureError) {
    self.init(source: try CaptureSource(path: path))
  }

  /// Reads a descriptor that stays the caller's: 0 is standard input.
  package init(descriptor: Int32) {
    self.init(source: CaptureSource(descriptor: descriptor))
  }

  package init(bytes: ArraySlice<UInt8>) {
    self.init(source: CaptureSource(bytes: bytes))
  }

  package init(bytes: [UInt8]) {
    self.init(bytes: bytes[...])
  }

  private init(source: CaptureSource) {
    self.source = source
    buffer = [UInt8](repeating: 0, count: Self.longestBlock)
  }

  /// The next frame; nil at the end.
  package mutating func next() throws(CaptureError) -> CapturedFrame? {
    switch format {
    case .classic(let header): return try nextClassic(header)
    case .pcapng: return try nextOfBlocks()
    case .ended: return nil
    case .unknown:
      do throws(CaptureError) {
        try recognize()
      } catch {
        format = .ended
        throw error
      }
      return try next()
    }
  }

  /// The first four bytes tell.
  private mutating func recognize() throws(CaptureError) {
    guard try fill(4) else {
      throw failure(end == start ? "the capture is empty" : "this is no capture: it is too short")
    }
    if word(0, swapped: false) == PcapngSection.magic {
      format = .pcapng(PcapngSection())
      return
    }
    guard let variant = ClassicHeader.Variant(magic: word(0, swapped: false)) else {
      throw failure("this is no capture: it begins like neither pcap nor pcapng")
    }
    guard try fill(24) else { throw failure("the header of the pcap file is cut short") }
    let header = ClassicHeader(
      variant: variant, snapLength: word(16, swapped: variant.isSwapped),
      linkType: word(20, swapped: variant.isSwapped))
    start += 24
    interfaces = [header.interface]
    format = .classic(header)
  }

  // MARK: The buffer

  /// Makes `count` bytes (at most `longestBlock`) available behind `start`; false when the file ends
  /// before.
  @inline(__always)
  mutating func fill(_ count: Int) throws(CaptureError) -> Bool {
    end - start >= count ? true : try fillSlowly(count)
  }

  private mutating func fillSlowly(_ count: Int) throws(CaptureError) -> Bool {
    if start > 0 {
      // Frames that somebody still holds keep the old buffer: the array copies itself then.
      bufferOffset &+= UInt64(start)
      let (from, kept) = (start, end - start)
      buffer.withUnsafeMutableBytes { bytes in
        UnsafeMutableRawBufferPointer(rebasing: bytes[..<kept])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[from..<(from + kept)]))
      }
      (start, end) = (0, kept)
    }
    while end < count, !sourceEnded {
      let (from, source) = (end, source)
      var result: Result<Int, CaptureError> = .success(0)
      buffer.withUnsafeMutableBytes { bytes in
        do throws(CaptureError) {
          result = .success(
            try source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[from...])))
        } catch {
          result = .failure(error)
        }
      }
      switch result {
      case .success(0): sourceEnded = true
      case .success(let read): end += read
      case .failure(let error):
        format = .ended
        throw failure(error.why)
      }
    }
    return end >= count
  }

  /// Passes over bytes that need not be in the buffer at once.
  mutating func skip(_ count: Int) throws(CaptureError) -> Bool {
    var left = count
    while left > end - start {
      left -= end - start
      start = end
      guard try fill(1) else { return false }
    }
    start += left
    return true
  }

  /// Four bytes behind `start`, which `fill` has made sure of.
  @inline(__always)
  func word(_ at: Int, swapped: Bool) -> UInt32 {
    let value = buffer.span.bytes.unsafeLoadUnaligned(
      fromByteOffset: start + at, as: UInt32.self)
    return swapped ? value.byteSwapped : value
  }

  /// The same for two bytes.
  func halfword(_ at: Int, swapped: Bool) -> UInt16 {
    let value = buffer.span.bytes.unsafeLoadUnaligned(
      fromByteOffset: start + at, as: UInt16.self)
    return swapped ? value.byteSwapped : value
  }

  /// The end of the file, in the middle of a frame if anything is left.
  mutating func ended() -> CapturedFrame? {
    isTruncated = isTruncated || end > start || source.isCutShort
    format = .ended
    return nil
  }

  /// Ends the reading with an error that names the place.
  mutating func refuse(_ why: String) -> CaptureError {
    format = .ended
    return failure(why)
  }

  private func failure(_ why: String) -> CaptureError {
    CaptureError(why, offset: offset, frame: frameCount + 1)
  }
}
