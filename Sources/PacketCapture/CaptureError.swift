/// PacketCapture: why a capture can't be read or written.

/// One sentence for people, with the place in the file.
package struct CaptureError: Error, Equatable, Sendable {
  /// From the first byte of the file; of what it holds, when it is compressed.
  package var offset: UInt64?
  /// The number of the frame that would have come next.
  package var frame: Int?
  package var why: String

  package init(_ why: String, offset: UInt64? = nil, frame: Int? = nil) {
    self.why = why
    self.offset = offset
    self.frame = frame
  }
}

extension CaptureError: CustomStringConvertible {
  package var description: String {
    switch (offset, frame) {
    case (let offset?, let frame?): "\(why) (byte \(offset), before frame \(frame))"
    case (let offset?, nil): "\(why) (byte \(offset))"
    default: why
    }
  }
}
