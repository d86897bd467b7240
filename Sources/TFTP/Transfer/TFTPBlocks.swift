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

  /// The DATA packet of a block from 1 to `last`. In netascii a block is read after the one before
  /// it, or again; so it is in a transfer without a window.
  mutating func datagram(of block: Int) -> [UInt8] {
    let number = UInt16(truncatingIfNeeded: block)
    let header: [UInt8] = [
      0, 3, UInt8(truncatingIfNeeded: number >> 8), UInt8(truncatingIfNeeded: number),
    ]
    if text != nil {
      let payload = text?.payload(of: block, blockSize: blockSize, in: contents) ?? []
      return header + payload
    }
    let start = min(max(block - 1, 0) * blockSize, size)
    let count = min(blockSize, size - start)
    return contents.withUnsafeBytes { file in
      [UInt8](unsafeUninitializedCapacity: 4 + count) { packet, initialized in
        let raw = UnsafeMutableRawBufferPointer(packet)
        raw.copyBytes(from: header)
        UnsafeMutableRawBufferPointer(rebasing: raw[4...])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: file[start..<(start + count)]))
        initialized = 4 + count
      }
    }
  }
}
