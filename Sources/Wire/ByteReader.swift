/// Wire: reads received bytes from front to back; every read is checked, none can trap.

/// A cursor over received bytes. Each read names its field, so that an error says what was being read;
/// the name is made only then.
/// Offsets count from the first byte given to `init`, also in a reader cut out of another one.
package struct ByteReader: Sendable {
  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private let origin: Int

  package init(_ bytes: ArraySlice<UInt8>) {
    self.init(bytes, origin: bytes.startIndex)
  }

  package init(_ bytes: [UInt8]) {
    self.init(bytes[...])
  }

  private init(_ bytes: ArraySlice<UInt8>, origin: Int) {
    self.bytes = bytes
    self.position = bytes.startIndex
    self.origin = origin
  }

  /// The offset of the next byte, from the first byte of the message.
  package var offset: Int { position - origin }

  /// How many bytes are left.
  package var remaining: Int { bytes.endIndex - position }

  /// The next byte, without taking it; nil at the end.
  package var peek: UInt8? { remaining > 0 ? bytes[position] : nil }

  package mutating func readBytes(
    _ count: Int, _ field: @autoclosure () -> String
  ) throws(WireError) -> ArraySlice<UInt8> {
    try require(count, field())
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  /// All that is left; may be empty.
  package mutating func readRest() -> ArraySlice<UInt8> {
    defer { position = bytes.endIndex }
    return bytes[position...]
  }

  /// A reader of the next `count` bytes alone; errors keep the offsets of the whole message.
  package mutating func readReader(_ count: Int, _ field: @autoclosure () -> String)
    throws(WireError) -> ByteReader
  {
    ByteReader(try readBytes(count, field()), origin: origin)
  }

  package mutating func readUInt8(_ field: @autoclosure () -> String) throws(WireError) -> UInt8 {
    try require(1, field())
    defer { position += 1 }
    return bytes[position]
  }

  /// Network byte order.
  package mutating func readUInt16(_ field: @autoclosure () -> String) throws(WireError) -> UInt16 {
    UInt16(truncatingIfNeeded: try readBigEndian(2, field()))
  }

  /// Network byte order.
  package mutating func readUInt32(_ field: @autoclosure () -> String) throws(WireError) -> UInt32 {
    UInt32(truncatingIfNeeded: try readBigEndian(4, field()))
  }

  /// Little endian, as IPMI has it.
  package mutating func readUInt16LE(_ field: @autoclosure () -> String) throws(WireError) -> UInt16
  {
    UInt16(truncatingIfNeeded: try readLittleEndian(2, field()))
  }

  /// Little endian, as IPMI has it.
  package mutating func readUInt32LE(_ field: @autoclosure () -> String) throws(WireError) -> UInt32
  {
    UInt32(truncatingIfNeeded: try readLittleEndian(4, field()))
  }

  package mutating func skip(_ count: Int, _ field: @autoclosure () -> String) throws(WireError) {
    _ = try readBytes(count, field())
  }

  /// A container insists that all of it was read.
  package func finish(_ container: String) throws(WireError) {
    guard remaining == 0 else {
      throw WireError(field: container, offset: offset, reason: .trailing(count: remaining))
    }
  }

  /// An error about the value of a field that began `back` bytes before the cursor.
  package func invalid(_ field: String, _ why: String, back: Int = 0) -> WireError {
    WireError(field: field, offset: offset - back, reason: .invalid(why))
  }

  /// `count` is at most 8.
  private mutating func readBigEndian(
    _ count: Int, _ field: @autoclosure () -> String
  ) throws(WireError) -> UInt64 {
    try require(count, field())
    var value: UInt64 = 0
    for index in position..<(position + count) { value = value << 8 | UInt64(bytes[index]) }
    position += count
    return value
  }

  /// `count` is at most 8.
  private mutating func readLittleEndian(
    _ count: Int, _ field: @autoclosure () -> String
  ) throws(WireError) -> UInt64 {
    try readBigEndian(count, field()).byteSwapped >> UInt64(64 - 8 * count)
  }

  private func require(
    _ count: Int, _ field: @autoclosure () -> String
  ) throws(WireError) {
    guard count >= 0, count <= remaining else {
      throw WireError(
        field: field(), offset: offset, reason: .truncated(needed: count, available: remaining))
    }
  }
}
