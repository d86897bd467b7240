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
    let image = try #require(GreetingProgram("hello").application(for: .x64))
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
    #expect(program.application(for: .x64) == nil)
  }

  @Test(arguments: [
    (OpenFirmware.x64, 0x8664 as UInt16, 240), (.secureBoot, 0x8664, 240), (.ia32, 0x014c, 224),
    (.aarch64, 0xaa64, 240),
  ])
  func eachFirmwareHasItsMachineAndItsHeader(
    _ firmware: OpenFirmware, machine: UInt16, optionalHeader: Int
  ) throws {
    let image = try #require(GreetingProgram("hello").application(for: firmware))
    #expect(image.count == 1024)
    #expect(Array(image[0x44..<0x46]) == [UInt8(machine & 0xff), UInt8(machine >> 8)])
    #expect(Int(image[0x54]) == optionalHeader)
    let section = 0x40 + 24 + optionalHeader
    #expect(Array(image[section...].prefix(5)) == Array(".text".utf8))
  }

  /// `call` puts the address behind itself on the stack; what is added to it leads to the text.
  @Test func the32BitApplicationFindsItsText() throws {
    let image = try #require(GreetingProgram("hello").application(for: .ia32))
    #expect(HexDump.plain(image[0x200..<0x208]) == "e800000000830424")
    let text = 0x205 + Int(image[0x208])
    #expect(Array(image[text...].prefix(7)) == Array("\r\nhello".utf8))
  }

  /// `adr` is the second instruction; bits 23 to 5 are the distance in words of 4.
  @Test func theARMApplicationFindsItsText() throws {
    let image = try #require(GreetingProgram("hello").application(for: .aarch64))
    let distance = (Int(image[0x204]) >> 5 | Int(image[0x205]) << 3) * 4
    #expect(Array(image[(0x204 + distance)...].prefix(7)) == Array("\r\nhello".utf8))
  }
}
