/// FinoBench: the files that both servers have.

import CLoad
import Foundation
import Lab

/// `images/` is what Fino serves below `/images/`; nginx serves the folder above it.
struct HTTPFiles {
  var folder: String
  var largeSize: Int

  static let large = "/images/large"
  /// What a boot fetches after its script: 8 MB and 30 MB.
  static let bootImages = ["/images/debian/vmlinuz", "/images/debian/initrd.img"]
  /// A script, as a file of nginx's, and below every MAC address one of Fino's.
  static let script = "/script.ipxe"
  static let scripts = "/pxe/%m"

  func write() throws {
    try write(Self.large, largeSize)
    try write(Self.bootImages[0], 8_000_000)
    try write(Self.bootImages[1], 30_000_000)
  }

  /// Every word of it another one, so that the clients see when a byte is not in its place. On the
  /// disk, so that nobody is writing while the clients read.
  private func write(_ name: String, _ size: Int) throws {
    let path = folder + name
    try FileManager.default.createDirectory(
      at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw LabError("\(path): \(String(cString: strerror(errno)))") }
    defer { close(file) }
    var piece = [UInt8](repeating: 0, count: 4 << 20)
    var offset = 0
    while offset < size {
      let count = min(piece.count, size - offset)
      http_pattern(UInt64(offset), &piece, count)
      guard Glibc.write(file, piece, count) == count else {
        throw LabError("\(path): \(String(cString: strerror(errno)))")
      }
      offset += count
    }
    guard fsync(file) == 0 else { throw LabError("\(path): \(String(cString: strerror(errno)))") }
  }

  func write(script: [UInt8]) throws {
    try Data(script).write(to: URL(filePath: folder + Self.script))
  }
}
