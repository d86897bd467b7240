/// Tests of Appliance: what is built into a GRUB, and the signed programs of a distribution.

import Foundation
import HTTPBoot
import TFTP
import Testing

@testable import Appliance

@Suite struct GRUBImageTests {
  private func little(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// An ELF file with two sections: the table of names, and `.modname`.
  private func module(_ name: String) -> [UInt8] {
    let names = Array("\0.shstrtab\0.modname\0".utf8)
    let text = Array(name.utf8) + [0]
    let table = 64 + names.count + text.count
    var elf: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 33)
    elf += little(table, 8) + [UInt8](repeating: 0, count: 10)
    elf += little(64, 2) + little(2, 2) + little(0, 2)
    elf += names + text
    for (nameOffset, offset, size) in [(1, 64, names.count), (11, 64 + names.count, text.count)] {
      elf += little(nameOffset, 4) + [UInt8](repeating: 0, count: 20)
      elf += little(offset, 8) + little(size, 8) + [UInt8](repeating: 0, count: 24)
    }
    return elf
  }

  private func image(_ objects: [(type: Int, body: [UInt8])]) -> [UInt8] {
    let bodies = objects.flatMap { little($0.type, 4) + little($0.body.count + 8, 4) + $0.body }
    return [UInt8](repeating: 0x90, count: 1024) + Array("mimg".utf8) + little(0, 4) + little(24, 8)
      + little(24 + bodies.count, 8) + bodies + [1, 2, 3]
  }

  @Test func itsModulesAreReadByName() {
    let bytes = image([(1, [9, 9]), (0, module("tftp")), (0, module("http")), (3, [0x2f, 0])])
    #expect(GRUBImage(bytes)?.modules == ["tftp", "http"])
    #expect(GRUBImage(image([]))?.modules == [])
  }

  @Test func everyCutIsSurvived() {
    let bytes = image([(1, [9, 9]), (0, module("tftp"))])
    for count in 0..<(bytes.count - 3) { #expect(GRUBImage(Array(bytes.prefix(count))) == nil) }
  }

  /// Each byte of the list by itself, at the values that arithmetic does not like.
  @Test func brokenBytesAreSurvived() {
    let bytes = image([(0, module("tftp"))])
    for index in 1024..<bytes.count {
      for value: UInt8 in [0, 0x7f, 0x80, 0xff] {
        var broken = bytes
        broken[index] = value
        _ = GRUBImage(broken)
      }
    }
    for width in [4, 8] {
      for index in stride(from: 1024, to: bytes.count - 8, by: 4) {
        var broken = bytes
        for byte in 0..<width { broken[index + byte] = 0xff }
        broken[index + width - 1] = 0x7f
        _ = GRUBImage(broken)
      }
    }
  }
}

@Suite struct SecureBootFilesTests {
  private func withRoot(_ files: [String], _ body: (String) throws -> Void) throws {
    let root = NSTemporaryDirectory() + "fino-signed-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: root) }
    for file in files {
      let url = URL(filePath: root + file)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(repeating: 7, count: 2048).write(to: url)
    }
    try body(root)
  }

  @Test func namesAreThoseThatShimAsksFor() throws {
    let paths = [
      "/usr/lib/shim/shimx64.efi.signed", "/usr/lib/shim/mmx64.efi.signed",
      "/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed",
      "/usr/lib/shim/shimaa64.efi.signed.latest",
      "/usr/lib/grub/arm64-efi-signed/grubnetaa64.efi.signed",
    ]
    try withRoot(paths) { root in
      let signed = try SecureBootFiles(root: root)
      #expect(
        signed.files.keys.sorted() == [
          "grubaa64.efi", "grubx64.efi", "mmx64.efi", "shimaa64.efi", "shimx64.efi",
        ])
      #expect(signed.programs == [.shimX64, .shimARM64])
      #expect(signed.tftpOnly == signed.programs, "these bytes are no GRUB with HTTP")
      #expect(signed.transport == .tftp)
      let loaders = BootLoaders(signed: signed.files)
      #expect(loaders.file(named: "grubx64.efi")?.contents.count == 2048)
      #expect(loaders.loader(named: "shimx64.efi") != nil)
    }
  }

  @Test func whatIsNotThereIsNamedWithItsPackage() throws {
    for files in [[], ["/usr/lib/shim/shimx64.efi.signed"]] {
      try withRoot(files) { root in
        do throws(SecureBootFiles.Missing) {
          _ = try SecureBootFiles(root: root)
          Issue.record("it was found")
        } catch {
          let first =
            files.isEmpty
            ? "/usr/lib/shim/shimx64.efi.signed"
            : "/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed"
          #expect(
            error.description
              == "«loaders: secure-boot» needs signed boot programs, and \(root)\(first) and "
              + "\(root)/usr/lib/shim/shimaa64.efi.signed cannot be read: apt-get install "
              + "shim-signed and grub-efi-amd64-signed (x64), or shim-signed and "
              + "grub-efi-arm64-signed (aa64)")
        }
      }
    }
  }

  /// Where Debian's packages are installed; what this program can do decides how images go.
  @Test(
    .enabled(
      if: FileManager.default.isReadableFile(
        atPath: "/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed")))
  func theInstalledGRUBCanBeRead() throws {
    let path = "/usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed"
    let bytes = try Data(contentsOf: URL(filePath: path))
    let modules = try #require(GRUBImage(Array(bytes))).modules
    #expect(
      modules.isSuperset(of: [
        "tftp", "linux", "chain", "search", "part_gpt", "fat", "sleep", "configfile", "smbios",
        "test", "echo",
      ]), "\(modules.sorted())")
  }
}
