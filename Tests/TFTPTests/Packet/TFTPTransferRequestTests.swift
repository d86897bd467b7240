/// TFTPTests: sloppy requests, as old ROMs send them.

import TFTP
import Testing
import Wire

@Suite struct TFTPTransferRequestTests {
  private func parse(_ body: String) throws -> TFTPTransferRequest {
    guard case .read(let request) = try TFTPPacket(parsing: [0, 1] + Array(body.utf8)) else {
      throw WireError(field: "opcode", offset: 0, reason: .invalid("not a read request"))
    }
    return request
  }

  @Test func `a name without NUL goes to the end and is asked in octet mode`() throws {
    #expect(try parse("undionly.kpxe") == TFTPTransferRequest(filename: "undionly.kpxe"))
    #expect(try parse("undionly.kpxe\0") == TFTPTransferRequest(filename: "undionly.kpxe"))
  }

  @Test func `modes have no case`() throws {
    #expect(try parse("x\0OcTeT\0").mode == .octet)
    #expect(try parse("x\0NETASCII").mode == .netascii)
    #expect(try parse("x\0weird\0").mode == TFTPMode(rawValue: "WEIRD"))
  }

  @Test func `an option without value is left out`() throws {
    #expect(try parse("x\0octet\0tsize\0000\0blksize\0").options == [TFTPOption("tsize", "000")])
    #expect(try parse("x\0octet\0tsize\00").options.isEmpty)
  }

  @Test func `padding with zeros ends the options`() throws {
    #expect(
      try parse("x\0octet\0blksize\u{0}512\0\0\0\0tsize\u{0}0\0").options
        == [TFTPOption("blksize", "512")])
  }

  @Test func `of an option that comes twice the first one counts`() throws {
    #expect(
      try parse("x\0octet\0blksize\u{0}1024\0BLKSIZE\u{0}512\0").options
        == [TFTPOption("blksize", "1024")])
  }

  @Test func `names have at most 512 bytes`() throws {
    #expect(try parse(String(repeating: "a", count: 512) + "\0octet\0").filename.count == 512)
    #expect(throws: WireError.self) { try parse(String(repeating: "a", count: 513)) }
    #expect(throws: WireError.self) { try parse(String(repeating: "a", count: 60000)) }
  }

  @Test func `the number of options is bounded`() throws {
    let many = (0..<1000).map { "o\($0)\u{0}1\0" }.joined()
    #expect(try parse("x\0octet\0" + many).options.count == 32)
  }
}
