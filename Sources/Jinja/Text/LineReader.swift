/// Jinja: the lines of text as `(text + "\n").splitlines()` has them.

struct LineReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private var isOver = false

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// Without its end.
  mutating func next() -> UnsafeBufferPointer<UInt8>? {
    if isOver { return nil }
    let start = position
    while position < bytes.count {
      let length = breakLength
      if length > 0 {
        let line = UnsafeBufferPointer(rebasing: bytes[start..<position])
        // The line break that was added makes one with a carriage return at the end.
        isOver = position + 1 == bytes.count && bytes[position] == 13
        position += length
        return line
      }
      position += 1
    }
    isOver = true
    return UnsafeBufferPointer(rebasing: bytes[start...])
  }

  /// How many bytes the line break here has; 0 where there is none.
  private var breakLength: Int {
    func byte(_ offset: Int) -> UInt8 {
      position + offset < bytes.count ? bytes[position + offset] : 0
    }
    switch byte(0) {
    case 13: return byte(1) == 10 ? 2 : 1
    case 10...12, 28...30: return 1
    // U+0085.
    case 0xC2: return byte(1) == 0x85 ? 2 : 0
    // U+2028 and U+2029.
    case 0xE2: return byte(1) == 0x80 && (byte(2) == 0xA8 || byte(2) == 0xA9) ? 3 : 0
    default: return 0
    }
  }
}
