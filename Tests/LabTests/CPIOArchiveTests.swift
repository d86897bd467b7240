/// LabTests: the initial RAM disk's archive.

import Testing

@testable import Lab

@Suite struct CPIOArchiveTests {
  @Test func theFormatIsNewc() {
    var archive = CPIOArchive()
    archive.addFile("init", mode: 0o755, content: Array("hello".utf8))
    let first =
      "070701" + "00000001" + "000081ed" + "00000000" + "00000000" + "00000001" + "00000000"
      + "00000005" + "00000000" + "00000000" + "00000000" + "00000000" + "00000005" + "00000000"
      + "init\0\0" + "hello\0\0\0"
    let trailer =
      "070701" + "00000002" + "00000000" + "00000000" + "00000000" + "00000001" + "00000000"
      + "00000000" + "00000000" + "00000000" + "00000000" + "00000000" + "0000000b" + "00000000"
      + "TRAILER!!!\0\0\0\0"
    #expect(String(decoding: archive.finished(), as: UTF8.self) == first + trailer)
  }

  @Test func devicesCarryTheirNumbers() {
    var archive = CPIOArchive()
    archive.addDirectory("dev")
    archive.addCharacterDevice("dev/ttyS0", major: 4, minor: 64)
    let text = String(decoding: archive.finished(), as: UTF8.self)
    #expect(text.contains("0000000400000040" + "0000000a" + "00000000" + "dev/ttyS0\0"))
    #expect(text.contains("000041ed"))
  }

  @Test func entriesBeginAtMultiplesOfFour() {
    for length in 0...8 {
      var archive = CPIOArchive()
      archive.addFile(
        String(repeating: "n", count: length + 1), content: Array(repeating: 7, count: length))
      #expect(archive.finished().count.isMultiple(of: 4))
    }
  }
}
