/// TFTP: text on its way into netascii (RFC 1350 §1, RFC 764).

/// LF goes as CR LF, CR as CR NUL. A pair may be cut by the end of a block, so the place of a block
/// in the file is known only from the block before it. The cursor remembers the start of one block,
/// which is all that a transfer without a window needs, and costs three words.
struct NetASCIICursor: Sendable {
  private struct Place {
    var offset = 0
    /// The second half of a pair whose first half ended the block before.
    var owed: UInt8?
  }

  private var block = 1
  private var start = Place()

  /// Text files are small; larger ones are refused in netascii, so that counting stays cheap.
  static let largestFile = 1024 * 1024

  static func encodedSize(of contents: FileContents) -> Int {
    contents.withUnsafeBytes { file in
      file.reduce(0) { $0 + ($1 == 0x0a || $1 == 0x0d ? 2 : 1) }
    }
  }

  /// Moves to `block` if it is ahead.
  mutating func payload(of wanted: Int, blockSize: Int, in contents: FileContents) -> [UInt8] {
    contents.withUnsafeBytes { file in
      while block < wanted {
        start = Self.read(from: start, blockSize, in: file).next
        block += 1
      }
      return Self.read(from: start, blockSize, in: file).bytes
    }
  }

  private static func read(
    from place: Place, _ blockSize: Int, in file: UnsafeRawBufferPointer
  ) -> (bytes: [UInt8], next: Place) {
    var place = place
    var bytes: [UInt8] = []
    bytes.reserveCapacity(blockSize)
    while bytes.count < blockSize {
      if let owed = place.owed {
        bytes.append(owed)
        place.owed = nil
      } else if place.offset < file.count {
        let byte = file[place.offset]
        place.offset += 1
        switch byte {
        case 0x0a:
          bytes.append(0x0d)
          place.owed = 0x0a
        case 0x0d:
          bytes.append(0x0d)
          place.owed = 0
        default:
          bytes.append(byte)
        }
      } else {
        break
      }
    }
    return (bytes, place)
  }
}
