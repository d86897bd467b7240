/// LabTests: the program on the disks of the virtual machines.

import Testing
import Wire

@testable import Lab

@Suite struct GreetingProgramTests {
  @Test func theBootSectorIsASectorWithASignature() throws {
    let sector = try #require(GreetingProgram("hello").bootSector)
    #expect(sector.count == 512)
    #expect(sector.suffix(2) == [0x55, 0xaa])
    let code =
      "31c08ed8be237cfcac84c0741288c4bafd03eca82074fb88e0baf803eeebe9faf4ebfd"
    #expect(HexDump.plain(sector.prefix(code.count / 2)) == code)
  }

  /// The address that the code loads is where the text begins.
  @Test func theBootSectorFindsItsText() throws {
    let sector = try #require(GreetingProgram("hello").bootSector)
    let address = Int(sector[5]) | Int(sector[6]) << 8
    #expect(Array(sector[(address - 0x7c00)...].prefix(10)) == Array("\r\nhello\r\n".utf8) + [0])
  }

  @Test func theApplicationIsPE32Plus() throws {
    let image = try #require(GreetingProgram("hello").efiApplication)
    #expect(image.count == 1024)
    var reader = ByteReader(image)
    #expect(try Array(reader.readBytes(2, "e_magic")) == Array("MZ".utf8))
    try reader.skip(0x3a, "DOS header")
    #expect(try reader.readUInt32LE("e_lfanew") == 0x40)
    #expect(try Array(reader.readBytes(4, "Signature")) == [0x50, 0x45, 0, 0])
    #expect(try reader.readUInt16LE("Machine") == 0x8664)
    #expect(try reader.readUInt16LE("NumberOfSections") == 1)
    try reader.skip(12, "no symbols")
    #expect(try reader.readUInt16LE("SizeOfOptionalHeader") == 240)
    try reader.skip(2, "Characteristics")
    let optionalHeader = reader.offset
    #expect(try reader.readUInt16LE("Magic") == 0x20b)
    try reader.skip(66, "up to Subsystem")
    #expect(try reader.readUInt16LE("Subsystem") == 10)
    try reader.skip(optionalHeader + 240 - reader.offset, "data directories")
    #expect(try Array(reader.readBytes(8, "Name")) == Array(".text".utf8) + [0, 0, 0])
    let displacement = Int(image[0x203])
    #expect(Array(image[(0x207 + displacement)...].prefix(7)) == Array("\r\nhello".utf8))
  }

  @Test func aTextThatDoesNotFitIsRefused() {
    let program = GreetingProgram(String(repeating: "x", count: 500))
    #expect(program.bootSector == nil)
    #expect(program.efiApplication == nil)
  }
}
