/// TFTPTests: how a file is cut into blocks, plain and as netascii.

import Testing

@testable import TFTP

@Suite struct TFTPBlocksTests {
  private func all(_ bytes: [UInt8], _ mode: TFTPMode, _ blockSize: Int) -> [[UInt8]] {
    var blocks = TFTPBlocks(contents: FileContents(bytes), mode: mode, blockSize: blockSize)
    return (1...blocks.last).map { Array((blocks.datagram(of: $0) ?? []).dropFirst(4)) }
  }

  @Test(arguments: [0, 1, 511, 512, 513, 1024])
  func `the last block is short, and empty after an exact multiple`(size: Int) {
    let file = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    let blocks = all(file, .octet, 512)
    #expect(blocks.flatMap { $0 } == file)
    #expect(blocks.count == size / 512 + 1)
    #expect(blocks.dropLast().allSatisfy { $0.count == 512 })
    #expect((blocks.last?.count ?? 512) < 512)
  }

  @Test func `block numbers wrap from 65535 to 0`() {
    var blocks = TFTPBlocks(
      contents: FileContents([UInt8](repeating: 1, count: 70_000 * 8)), mode: .octet, blockSize: 8)
    #expect((blocks.datagram(of: 65535) ?? []).prefix(4) == [0, 3, 0xff, 0xff])
    #expect((blocks.datagram(of: 65536) ?? []).prefix(4) == [0, 3, 0, 0])
    #expect((blocks.datagram(of: 65537) ?? []).prefix(4) == [0, 3, 0, 1])
    #expect((blocks.datagram(of: blocks.last) ?? []).count == 4)
  }

  @Test(arguments: 8...13)
  func `netascii pairs may be cut by a block`(blockSize: Int) {
    let text = Array("one\ntwo\r\nthree\rfour\n\n\n\r\r\rfive\n".utf8)
    let encoded = text.flatMap { byte -> [UInt8] in
      byte == 0x0a ? [0x0d, 0x0a] : byte == 0x0d ? [0x0d, 0] : [byte]
    }
    let blocks = all(text, .netascii, blockSize)
    #expect(blocks.flatMap { $0 } == encoded)
    #expect(blocks.dropLast().allSatisfy { $0.count == blockSize })
    #expect((blocks.last?.count ?? blockSize) < blockSize)
  }

  @Test func `a netascii block can be read again`() {
    let text = Array(repeating: UInt8(ascii: "\n"), count: 100)
    var blocks = TFTPBlocks(contents: FileContents(text), mode: .netascii, blockSize: 9)
    let first = (blocks.datagram(of: 1) ?? [])
    #expect((blocks.datagram(of: 1) ?? []) == first)
    let second = (blocks.datagram(of: 2) ?? [])
    #expect((blocks.datagram(of: 2) ?? []) == second)
    #expect(second.dropFirst(4).first == 0x0a)
    #expect(blocks.size == 200)
  }

  @Test func `bytes of the executable are served as they are`() {
    let text: StaticString = "bytes in the executable"
    let raw = UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    var blocks = TFTPBlocks(
      contents: FileContents(ConstantBytes(executableData: raw)), mode: .octet, blockSize: 8)
    let bytes = (1...blocks.last).flatMap { (blocks.datagram(of: $0) ?? []).dropFirst(4) }
    #expect(bytes == Array("bytes in the executable".utf8))
  }
}
