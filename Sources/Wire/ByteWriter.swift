/// Wire: appends fields to a message that will be sent.

/// Collects the bytes of a message. Values that do not fit their field are the caller's to refuse;
/// nothing is truncated here.
package struct ByteWriter: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init(capacity: Int = 0) {
    bytes.reserveCapacity(capacity)
  }

  package var count: Int { bytes.count }

  package mutating func write(_ byte: UInt8) {
    bytes.append(byte)
  }

  package mutating func write(_ more: some Sequence<UInt8>) {
    bytes.append(contentsOf: more)
  }

  /// Network byte order.
  package mutating func write(_ value: UInt16) {
    bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    bytes.append(UInt8(truncatingIfNeeded: value))
  }

  /// Network byte order.
  package mutating func write(_ value: UInt32) {
    write(UInt16(truncatingIfNeeded: value >> 16))
    write(UInt16(truncatingIfNeeded: value))
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
