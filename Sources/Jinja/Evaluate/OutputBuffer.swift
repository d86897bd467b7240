/// Jinja: the bytes that a render has written so far.

/// A buffer of its own, because a template writes hundreds of small pieces: appending to a `String`
/// costs more than the rest of a render. Captured pieces are written at the end and cut off again.
final class OutputBuffer {
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = max(64, capacity)
    base = .allocate(capacity: self.capacity)
  }

  deinit { base.deallocate() }

  @inline(__always)
  func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    if capacity - count < bytes.count { grow(by: bytes.count) }
    (base + count).update(from: source, count: bytes.count)
    count += bytes.count
  }

  @inline(__always)
  func append(_ text: String) {
    var text = text
    text.withUTF8 { append($0) }
  }

  private func grow(by more: Int) {
    let larger = max(capacity * 2, count + more)
    let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    moved.update(from: base, count: count)
    base.deallocate()
    base = moved
    capacity = larger
  }

  /// What was written behind a mark; it is cut off.
  func cut(from mark: Int) -> String {
    let text = text(from: mark)
    count = min(count, mark)
    return text
  }

  func text(from mark: Int = 0) -> String {
    guard mark < count else { return "" }
    return String(
      decoding: UnsafeBufferPointer(start: base + mark, count: count - mark), as: UTF8.self)
  }
}
