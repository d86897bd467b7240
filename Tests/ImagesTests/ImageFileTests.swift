/// Tests of Images: an entity tag changes when the file does; types are what firmware compares.

import Foundation
import Images
import Testing

@Suite struct ImageFileTests {
  private let directory = try? TemporaryDirectory()

  private func file(_ name: String) throws -> ImageFile {
    let directory = try #require(directory)
    guard case .file(let file) = ImageLibrary(root: directory.path).item(at: name) else {
      throw CocoaError(.fileNoSuchFile)
    }
    return file
  }

  @Test func theTagIsStrongAndStable() throws {
    try directory?.write("a", [1])
    let tag = try file("a").entityTag
    #expect(tag.hasPrefix("\"") && tag.hasSuffix("\"") && tag.count > 4)
    #expect(try file("a").entityTag == tag)
  }

  @Test func theTagChangesWithTheFile() throws {
    try directory?.write("a", [1])
    let first = try file("a")
    let path = first.path
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_000_000)], ofItemAtPath: path)
    let touched = try file("a")
    #expect(touched.entityTag != first.entityTag)
    #expect(touched.modified == Date(timeIntervalSince1970: 1_000_000))
    try directory?.write("b", [1])
    #expect(try file("b").entityTag != touched.entityTag)
  }

  @Test func anOpenImageIsTheFileThatWasOpened() throws {
    try directory?.write("a", [1, 2, 3])
    let before = try file("a")
    let image = try #require(OpenImage(before))
    #expect(image.file == before)
    try FileManager.default.removeItem(atPath: before.path)
    #expect(OpenImage(before) == nil)
    var bytes = [UInt8](repeating: 0, count: 3)
    #expect(pread(image.descriptor, &bytes, 3, 0) == 3)
    #expect(bytes == [1, 2, 3])
  }

  @Test func aFolderIsNotOpened() throws {
    let path = try #require(directory).path
    let folder = ImageFile(path: path, size: 0, modified: .distantPast, entityTag: "\"x\"")
    #expect(OpenImage(folder) == nil)
  }

  @Test(arguments: [
    ("BOOTX64.EFI", "application/efi"), ("ks.cfg", "text/plain; charset=utf-8"),
    ("initrd.gz", "application/gzip"), ("x.iso", "application/vnd.efi-iso"),
    ("vmlinuz", "application/octet-stream"), ("a.efi/vmlinuz", "application/octet-stream"),
  ])
  func typesFollowTheName(_ path: String, _ type: String) {
    let file = ImageFile(path: path, size: 0, modified: .distantPast, entityTag: "\"x\"")
    #expect(file.contentType == type)
  }
}
