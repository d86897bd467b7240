/// Wire: appends fields to a message that will be sent.

/// Collects the bytes of a message. Values that do not fit their field are the caller's to refuse;
/// nothing is truncated here.
package struct ByteWriter: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init(capacity: Int = 0) {
    bytes.reserveCapacity(capacity)
  }

  package var count: Int { bytes.count }

  /// Begins anew, in the room that the last message had.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
  }

  package mutating func write(_ byte: UInt8) {
    bytes.append(byte)
  }

  package mutating func write(_ more: some Sequence<UInt8>) {
    bytes.append(contentsOf: more)
  }

  // The same for what is written most: a generic function is slow when it is called from another
  // module.

  package mutating func write(_ more: [UInt8]) {
    bytes.append(contentsOf: more)
  }

  package mutating func write(_ more: ArraySlice<UInt8>) {
    bytes.append(contentsOf: more)
  }

  /// The text in UTF-8.
  package mutating func write(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }

  /// Network byte order.
  package mutating func write(_ value: UInt16) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }

  /// Network byte order.
  package mutating func write(_ value: UInt32) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }

  /// Network byte order.
  package mutating func write(_ value: UInt64) {
    withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
  }

  /// Little endian, as IPMI has it.
  package mutating func writeLE(_ value: UInt16) {
    bytes.append(UInt8(truncatingIfNeeded: value))
    bytes.append(UInt8(truncatingIfNeeded: value >> 8))
  }

  /// Little endian, as IPMI has it.
  package mutating func writeLE(_ value: UInt32) {
    writeLE(UInt16(truncatingIfNeeded: value))
    writeLE(UInt16(truncatingIfNeeded: value >> 16))
  }

  /// Zeros (or `byte`) until the message is at least `count` bytes long.
  package mutating func pad(to count: Int, with byte: UInt8 = 0) {
    if bytes.count < count {
      bytes.append(contentsOf: repeatElement(byte, count: count - bytes.count))
    }
  }
}
