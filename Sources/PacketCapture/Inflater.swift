/// PacketCapture: gzip, undone piece by piece.

import CZlib

/// zlib's stream for one file of gzip, also of several members one behind another. Its C structure
/// must not move, so it lives on the heap.
final class Inflater {
  private let stream: UnsafeMutablePointer<z_stream>
  private(set) var isAtEnd = false

  /// nil when there is no memory for it.
  init?() {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 bits of window, and 16 to insist on gzip's header.
    guard
      inflateInit2_(stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else {
      stream.deallocate()
      return nil
    }
  }

  /// From `input` into `output`: how much of each was used. nil when the data is damaged.
  func inflate(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> (read: Int, written: Int)? {
    // A member ended and another begins.
    if isAtEnd {
      guard inflateReset(stream) == Z_OK else { return nil }
      isAtEnd = false
    }
    stream.pointee.next_in = UnsafeMutablePointer(
      mutating: input.bindMemory(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(clamping: input.count)
    stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(clamping: output.count)
    let result = CZlib.inflate(stream, Z_NO_FLUSH)
    guard result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR else { return nil }
    isAtEnd = result == Z_STREAM_END
    return (
      input.count - Int(stream.pointee.avail_in), output.count - Int(stream.pointee.avail_out)
    )
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }
}
