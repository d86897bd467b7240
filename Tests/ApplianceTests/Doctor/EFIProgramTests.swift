/// Tests of Appliance: the head of EFI programs.

import DHCPProxy
import TFTP
import Testing
import Wire

@testable import Appliance

@Suite struct EFIProgramTests {
  private var program: [UInt8] {
    get throws {
      let contents = try #require(BootLoaders().file(named: "snponly.efi")?.contents)
      return contents.withUnsafeBytes { Array($0.prefix(4096)) }
    }
  }

  @Test func theOneInTheExecutable() throws {
    let head = try EFIProgram(parsing: try program)
    #expect(head.instructionSet == .x64)
    #expect(!head.isSigned)
  }

  @Test func aSignedOne() throws {
    var bytes = try program
    let header = Int(bytes[0x3c]) | Int(bytes[0x3d]) << 8
    // The fifth directory of a PE32+ program.
    let table = header + 24 + 112 + 4 * 8
    bytes.replaceSubrange(table..<(table + 8), with: [0, 0x10, 0, 0, 0, 8, 0, 0])
    #expect(try EFIProgram(parsing: bytes).isSigned)
    bytes[header + 4] = 0x4c
    bytes[header + 5] = 0x01
    #expect(try EFIProgram(parsing: bytes).instructionSet == .ia32)
  }

  @Test func noProgramTraps() throws {
    let bytes = try program
    for length in 0..<200 {
      #expect(throws: WireError.self) { try EFIProgram(parsing: Array(bytes.prefix(length))) }
    }
    #expect(throws: WireError.self) { try EFIProgram(parsing: Array("<html>not found".utf8)) }
    var far = bytes
    far.replaceSubrange(0x3c..<0x40, with: [0xff, 0xff, 0xff, 0xff])
    #expect(throws: WireError.self) { try EFIProgram(parsing: far) }
  }
}
