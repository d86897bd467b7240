/// TFTPTests: files known from the start.

import TFTP
import Testing

@Suite struct TFTPFixedFilesTests {
  @Test func `exact names first, then names without case`() {
    let files = TFTPFixedFiles([
      "undionly.kpxe": FileContents([1]), "B.efi": FileContents([2, 2]),
      "b.EFI": FileContents([3, 3, 3]),
    ])
    #expect(files.file(named: "undionly.kpxe")?.contents.count == 1)
    #expect(files.file(named: "UNDIONLY.KPXE")?.contents.count == 1)
    #expect(files.file(named: "b.EFI")?.contents.count == 3)
    #expect(files.file(named: "b.efi")?.contents.count == 2)
    #expect(files.file(named: "c.efi") == nil)
  }
}
