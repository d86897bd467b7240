/// TFTPTests: files of a folder, and attempts to leave it.

import Foundation
import Testing

@testable import TFTP

/// A folder that is removed with its owner.
private final class Folder {
  let path = NSTemporaryDirectory() + "tftp-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(
      atPath: path + "/top/sub", withIntermediateDirectories: true)
    try write("secret", "outside")
    try write("top/file", "inside")
    try write("top/sub/Loader.EFI", "loader")
  }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: path + "/" + name, withDestinationPath: target)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }
}

@Suite struct TFTPDirectoryTests {
  private let folder: Folder
  private let directory: TFTPDirectory

  init() throws {
    folder = try Folder()
    directory = TFTPDirectory(root: folder.path + "/top")
  }

  private func text(_ name: String) -> String? {
    directory.file(named: name).map { file in
      file.contents.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }
  }

  @Test func `files are found by their exact name, then without case`() throws {
    #expect(text("file") == "inside")
    #expect(text("sub/Loader.EFI") == "loader")
    #expect(text("SUB/loader.efi") == "loader")
    #expect(text("FILE") == "inside")
    try folder.write("top/FILE", "other")
    #expect(text("FILE") == "other")
    #expect(text("file") == "inside")
    #expect(text("nope") == nil)
    #expect(text("sub/nope") == nil)
    #expect(text("file/x") == nil)
  }

  @Test func `links are followed inside and not to the outside`() throws {
    try folder.link("top/alias", to: "sub/Loader.EFI")
    try folder.link("top/folder", to: "sub")
    try folder.link("top/out", to: "../secret")
    try folder.link("top/absolute", to: folder.path + "/secret")
    try folder.link("top/up", to: "..")
    try folder.link("top/loop", to: "loop")
    #expect(text("alias") == "loader")
    #expect(text("folder/Loader.EFI") == "loader")
    for name in ["out", "absolute", "up/secret", "OUT", "loop", "../secret"] {
      #expect(text(name) == nil)
    }
  }

  @Test func `a root beside another one with a longer name`() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path + "/top2", withIntermediateDirectories: true)
    try folder.write("top2/file", "second")
    try folder.link("top/second", to: "../top2/file")
    #expect(text("second") == nil)
  }

  @Test func `only regular files`() throws {
    #expect(mkfifo(folder.path + "/top/fifo", 0o600) == 0)
    try folder.link("top/null", to: "/dev/null")
    for name in ["fifo", "sub", "null", "."] { #expect(text(name) == nil) }
  }

  @Test func `a root that is a link, or is missing`() throws {
    try folder.link("linked", to: "top")
    #expect(TFTPDirectory(root: folder.path + "/linked").file(named: "file") != nil)
    #expect(TFTPDirectory(root: folder.path + "/missing").file(named: "file") == nil)
  }

  @Test func `a changed file is read again`() throws {
    #expect(text("file") == "inside")
    try folder.write("top/file", "changed")
    #expect(text("file") == "changed")
    try FileManager.default.removeItem(atPath: folder.path + "/top/file")
    #expect(text("file") == nil)
  }

  @Test func `a file over the limit is not served`() throws {
    let path = folder.path + "/top/large"
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    #expect(truncate(path, off_t(TFTPDirectory.largestFile) + 1) == 0)
    #expect(text("large") == nil)
  }
}
