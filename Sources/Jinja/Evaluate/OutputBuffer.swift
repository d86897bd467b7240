/// Jinja: the bytes that a render has written so far.

/// A buffer of its own, because a template writes hundreds of small pieces: appending to a `String`
/// costs more than the rest of a render. Captured pieces are written at the end and cut off again.
final class OutputBuffer {
  private var base: UnsafeMutablePointer<UInt8>
  /// Holds `base`.
  private var memory: ManagedBuffer<Void, UInt8>
  private var capacity: Int
  private(set) var count = 0

  init(capacity: Int) {
    self.capacity = max(64, capacity)
    memory = .create(minimumCapacity: self.capacity) { _ in }
    base = memory.withUnsafeMutablePointerToElements { $0 }
  }

  @inline(__always)
  func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    guard let source = bytes.baseAddress else { return }
    if capacity - count < bytes.count { grow(by: bytes.count) }
    (base + count).update(from: source, count: bytes.count)
    count += bytes.count
  }

  func append(_ text: String) {
    text.utf8.span.withUnsafeBufferPointer { append($0) }
  }

  @inline(__always)
  func append(_ byte: UInt8) {
    if capacity == count { grow(by: 1) }
    base[count] = byte
    count += 1
  }

  /// Appends text of ASCII, each byte changed; answers false, and appends nothing, where there is
  /// more than ASCII in it.
  @inline(__always)
  func append(ascii text: String, _ change: (UInt8) -> UInt8) -> Bool {
    let mark = count
    append(text)
    for index in mark..<count {
      let byte = base[index]
      if byte >= 0x80 {
        count = mark
        return false
      }
      base[index] = change(byte)
    }
    return true
  }

  /// Whether a byte behind a mark satisfies a condition.
  @inline(__always)
  func contains(from mark: Int, _ condition: (UInt8) -> Bool) -> Bool {
    for index in mark..<count where condition(base[index]) { return true }
    return false
  }

  /// In decimal.
  func append(_ number: Int) {
    if capacity - count < 20 { grow(by: 20) }
    var rest = number.magnitude
    var digits = 1
    while rest >= 10 {
      rest /= 10
      digits += 1
    }
    if number < 0 {
      base[count] = UInt8(ascii: "-")
      count += 1
    }
    rest = number.magnitude
    for place in stride(from: count + digits - 1, through: count, by: -1) {
      base[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
    count += digits
  }

  private func grow(by more: Int) {
    let larger = max(capacity * 2, count + more)
    let moved = ManagedBuffer<Void, UInt8>.create(minimumCapacity: larger) { _ in }
    let target = moved.withUnsafeMutablePointerToElements { $0 }
    target.update(from: base, count: count)
    (memory, base) = (moved, target)
    capacity = larger
  }

  /// What was written behind a mark; it is cut off.
  func cut(from mark: Int) -> String {
    let text = text(from: mark)
    drop(from: mark)
    return text
  }

  func drop(from mark: Int) { count = min(count, mark) }

  func text(from mark: Int = 0) -> String {
    guard mark < count else { return "" }
    return String(
      decoding: UnsafeBufferPointer(start: base + mark, count: count - mark), as: UTF8.self)
  }
}
