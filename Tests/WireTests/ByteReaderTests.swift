/// Tests of Wire: reading and writing bytes.

import Testing
import Wire

@Suite struct ByteReaderTests {
  @Test func readsWhatTheWriterWrote() throws {
    var writer = ByteWriter()
    writer.write(UInt8(1))
    writer.write(UInt16(0x0203))
    writer.write(UInt32(0x0405_0607))
    writer.writeLE(UInt16(0x0809))
    writer.writeLE(UInt32(0x0a0b_0c0d))
    writer.write([0xfe, 0xff])
    #expect(HexDump.plain(writer.bytes) == "0102030405060709080d0c0b0afeff")
    var reader = ByteReader(writer.bytes)
    #expect(try reader.readUInt8("a") == 1)
    #expect(try reader.readUInt16("b") == 0x0203)
    #expect(try reader.readUInt32("c") == 0x0405_0607)
    #expect(try reader.readUInt16LE("d") == 0x0809)
    #expect(try reader.readUInt32LE("e") == 0x0a0b_0c0d)
    #expect(Array(reader.readRest()) == [0xfe, 0xff])
    try reader.finish("message")
  }

  @Test func errorsNameFieldAndOffset() throws {
    var reader = ByteReader([1, 2, 3])
    try reader.skip(1, "first")
    let error = #expect(throws: WireError.self) { try reader.readUInt32("xid") }
    #expect(error?.description == "xid at byte 1: needs 4 bytes, 2 left")
    #expect(reader.offset == 1, "a read that fails takes nothing")
    let trailing = #expect(throws: WireError.self) { try reader.finish("message") }
    #expect(trailing?.description == "message at byte 1: 2 bytes left over")
  }

  @Test func negativeAndHugeCountsThrow() {
    var reader = ByteReader([1, 2, 3])
    #expect(throws: WireError.self) { try reader.readBytes(-1, "x") }
    #expect(throws: WireError.self) { try reader.readBytes(.max, "x") }
  }

  @Test func aReaderInAReaderKeepsTheOffsets() throws {
    var reader = ByteReader([0, 0, 2, 7, 8, 9])
    try reader.skip(3, "header")
    var inner = try reader.readReader(2, "body")
    _ = try inner.readUInt8("a")
    let error = #expect(throws: WireError.self) { try inner.readUInt16("b") }
    #expect(error?.offset == 4)
    #expect(reader.remaining == 1)
  }

  @Test func hexDump() {
    #expect(
      HexDump(Array("fino!".utf8) + [0]).description
        == "0000  66 69 6e 6f 21 00                                fino!.")
    #expect(HexDump.parse("0aFf") == [10, 255])
    #expect(HexDump.parse("0") == nil)
    #expect(HexDump.parse("zz") == nil)
  }
}
