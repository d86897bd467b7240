/// TFTP: a file cut into numbered blocks, in octet or netascii form.

/// Blocks count from 1 and do not wrap here. The last one is shorter than the block size, and empty
/// when the file is an exact multiple of it (RFC 1350 §6).
struct TFTPBlocks: Sendable {
  let contents: FileContents
  let blockSize: Int
  /// The number of the last block.
  let last: Int
  /// Bytes of all blocks together.
  let size: Int
  /// nil in octet mode.
  private var text: NetASCIICursor?

  init(contents: FileContents, mode: TFTPMode, blockSize: Int) {
    self.contents = contents
    self.blockSize = max(blockSize, 1)
    if mode == .netascii {
      text = NetASCIICursor()
      size = NetASCIICursor.encodedSize(of: contents)
    } else {
      size = contents.count
    }
    last = size / self.blockSize + 1
  }

  /// The DATA packet of a block from 1 to `last`; nil when the bytes are not in memory. In netascii a
  /// block is read after the one before it, or again; so it is in a transfer without a window.
  mutating func datagram(of block: Int) -> [UInt8]? {
    let header = Self.header(of: block)
    let opening = (0..<4).map { UInt8(truncatingIfNeeded: header >> (24 - 8 * UInt32($0))) }
    guard text == nil else { return opening + textPayload(of: block) }
    return payload(of: block).map { opening + $0 }
  }

  /// Opcode 3 and the number of the block, as they are on the wire.
  static func header(of block: Int) -> UInt32 {
    3 << 16 | UInt32(UInt16(truncatingIfNeeded: block))
  }

  var isText: Bool { text != nil }

  mutating func textPayload(of block: Int) -> [UInt8] {
    text?.payload(of: block, blockSize: blockSize, in: contents) ?? []
  }

  /// Where the bytes of a block begin, in octet mode.
  func offset(of block: Int) -> Int { min(max(block - 1, 0) * blockSize, size) }

  /// A copy of the bytes of a block in octet mode, wherever they lie; nil when they are not in memory.
  func payload(of block: Int) -> [UInt8]? {
    var offset = offset(of: block)
    let end = min(offset + blockSize, size)
    var payload: [UInt8] = []
    payload.reserveCapacity(end - offset)
    while offset < end {
      let taken = contents.withPiece(at: offset) { piece in
        payload.append(contentsOf: piece.prefix(end - offset))
        return min(piece.count, end - offset)
      }
      guard let taken, taken > 0 else { return nil }
      offset += taken
    }
    return payload
  }
}
