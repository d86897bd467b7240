/// TFTPTests: names as firmware sends them.

import TFTP
import Testing

@Suite struct TFTPFilenameTests {
  private func clean(_ name: String) throws -> String {
    try TFTPFilename(cleaning: Array(name.utf8)).cleaned
  }

  @Test(arguments: [
    ("undionly.kpxe", "undionly.kpxe"), ("/undionly.kpxe", "undionly.kpxe"),
    ("//a///b//c", "a/b/c"), ("\\Boot\\x64\\wdsmgfw.efi", "Boot/x64/wdsmgfw.efi"),
    ("./a/./b", "a/b"), ("a/", "a"), ("/tftpboot/pxelinux.0", "pxelinux.0"),
    ("/var/lib/tftpboot/x/y", "x/y"), ("tftpboot", "tftpboot"), ("C:\\x", "C:/x"),
    ("a b", "a b"), ("a%2e%2e/b", "a%2e%2e/b"), ("...", "..."), ("..a/b..", "..a/b.."),
    ("été/été.efi", "été/été.efi"), ("a\0b", "a"),
  ])
  func `names are cleaned`(sent: String, cleaned: String) throws {
    #expect(try clean(sent) == cleaned)
  }

  @Test func `bytes behind the name are dropped`() throws {
    let name = Array("snponly.efi".utf8)
    #expect(try TFTPFilename(cleaning: name + [0xff]).cleaned == "snponly.efi")
    #expect(try TFTPFilename(cleaning: name + [0xff, 0x01, 0x80]).cleaned == "snponly.efi")
    #expect(try TFTPFilename(cleaning: name + [0, 0x41]).cleaned == "snponly.efi")
  }

  @Test(arguments: [
    "..", "../x", "a/../x", "a\\..\\x", "/..", "x/..", "../\u{301}x", "..\\\u{301}x",
    "tftpboot/../x",
  ])
  func `a name never climbs`(name: String) {
    #expect(throws: TFTPFilename.Refusal.climbs) { try clean(name) }
  }

  @Test(arguments: ["", "/", "\\\\", "./.", "\u{7f}"])
  func `a name must name something`(name: String) {
    #expect(throws: TFTPFilename.Refusal.empty) { try clean(name) }
  }

  @Test func `control characters and broken text are refused`() {
    #expect(throws: TFTPFilename.Refusal.unreadable) { try clean("a\u{1b}[2Jb") }
    #expect(throws: TFTPFilename.Refusal.unreadable) {
      try TFTPFilename(cleaning: [0x61, 0xff, 0x62])
    }
  }

  @Test func `what a log shows is printable and short`() {
    #expect(TFTPFilename.printable([0x61, 0xff, 0x0a, 0x62]) == "a\\xff\\x0ab")
    #expect(TFTPFilename.printable([UInt8](repeating: 0x61, count: 500)).count == 129)
  }
}
