/// PacketCapture: the bytes of a capture, from wherever they come.

import Glibc

/// A descriptor or bytes in memory; gzip is recognized by its first two bytes and undone.
final class CaptureSource {
  private enum Origin {
    case descriptor(Int32, isOwned: Bool)
    case memory(ArraySlice<UInt8>)
  }

  private var origin: Origin
  private var inflater: Inflater?
  /// Read and not yet inflated, or not yet handed on.
  private var pending: [UInt8] = []
  private var pendingStart = 0
  private var hasLooked = false
  private(set) var isCompressed = false
  /// gzip's data ended before its end.
  var isCutShort: Bool { inflater.map { !$0.isAtEnd } ?? false }

  init(path: String) throws(CaptureError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw CaptureError("\(path): \(String(cString: strerror(errno)))")
    }
    origin = .descriptor(descriptor, isOwned: true)
  }

  init(descriptor: Int32) {
    origin = .descriptor(descriptor, isOwned: false)
  }

  init(bytes: ArraySlice<UInt8>) {
    origin = .memory(bytes)
  }

  /// Some more bytes; 0 at the end. Waits for a pipe.
  func read(into target: UnsafeMutableRawBufferPointer) throws(CaptureError) -> Int {
    if !hasLooked { try look() }
    guard let inflater else {
      return pendingStart < pending.count ? drain(into: target) : try readRaw(into: target)
    }
    guard target.count > 0 else { return 0 }
    while true {
      if pendingStart == pending.count {
        try refill()
        if pending.isEmpty {
          // Cut in the middle: what was there is told, the reader sees a cut file.
          return 0
        }
      }
      let used = pending[pendingStart...].withUnsafeBytes { input in
        inflater.inflate(input, into: target)
      }
      guard let used else {
        // After a whole member, anything may stand (zeros on tapes); gzip passes over it, too.
        throw CaptureError("the gzip data is damaged")
      }
      pendingStart += used.read
      if used.written > 0 { return used.written }
    }
  }

  private func look() throws(CaptureError) {
    hasLooked = true
    while pending.count < 2 {
      let before = pending.count
      var more = [UInt8](repeating: 0, count: 1 << 16)
      let count = try withTarget(&more) { buffer throws(CaptureError) in
        try self.readRaw(into: buffer)
      }
      pending += more.prefix(count)
      if pending.count == before { break }
    }
    guard pending.starts(with: [0x1f, 0x8b]) else { return }
    isCompressed = true
    inflater = Inflater()
    if inflater == nil { throw CaptureError("there is no memory to undo gzip") }
  }

  private func refill() throws(CaptureError) {
    pendingStart = 0
    if pending.count != 1 << 16 { pending = [UInt8](repeating: 0, count: 1 << 16) }
    let count = try withTarget(&pending) { buffer throws(CaptureError) in
      try self.readRaw(into: buffer)
    }
    pending.removeLast(pending.count - count)
  }

  private func withTarget(
    _ bytes: inout [UInt8],
    _ body: (UnsafeMutableRawBufferPointer) throws(CaptureError) -> Int
  ) throws(CaptureError) -> Int {
    var result: Result<Int, CaptureError> = .success(0)
    bytes.withUnsafeMutableBytes { buffer in
      do throws(CaptureError) {
        result = .success(try body(buffer))
      } catch {
        result = .failure(error)
      }
    }
    return try result.get()
  }

  private func drain(into target: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(target.count, pending.count - pendingStart)
    pending[pendingStart..<(pendingStart + count)].withUnsafeBytes {
      target.copyMemory(from: UnsafeRawBufferPointer($0))
    }
    pendingStart += count
    return count
  }

  private func readRaw(into target: UnsafeMutableRawBufferPointer) throws(CaptureError) -> Int {
    switch origin {
    case .descriptor(let descriptor, _):
      while true {
        let count = Glibc.read(descriptor, target.baseAddress, target.count)
        if count >= 0 { return count }
        guard errno == EINTR else {
          throw CaptureError("can't read: \(String(cString: strerror(errno)))")
        }
      }
    case .memory(let bytes):
      let part = bytes.prefix(target.count)
      part.withUnsafeBytes { target.copyMemory(from: $0) }
      origin = .memory(bytes.dropFirst(part.count))
      return part.count
    }
  }

  deinit {
    if case .descriptor(let descriptor, isOwned: true) = origin { close(descriptor) }
  }
}
