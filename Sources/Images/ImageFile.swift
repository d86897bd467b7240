/// Images: one file as HTTP sees it.

package import Foundation

/// A regular file: its size and date, and a strong entity tag made of what changes when it does.
package struct ImageFile: Equatable, Sendable {
  package var path: String
  /// Bytes.
  package var size: Int
  package var modified: Date
  /// With its quotes (RFC 9110 §8.8.3).
  package var entityTag: String

  init(path: String, status: FileStatus) {
    self.path = path
    size = status.size
    modified = status.modified
    let parts = [status.inode, UInt64(bitPattern: status.modifiedNanoseconds), UInt64(status.size)]
    entityTag = "\"" + parts.map { String($0, radix: 16) }.joined(separator: "-") + "\""
  }

  package init(path: String, size: Int, modified: Date, entityTag: String) {
    self.path = path
    self.size = size
    self.modified = modified
    self.entityTag = entityTag
  }

  /// EDK2's HTTP Boot compares the whole value: a boot program is exactly `application/efi`, without
  /// parameters.
  package var contentType: String {
    switch path.split(separator: ".").last.map({ $0.lowercased() }) {
    case "efi": "application/efi"
    case "txt", "cfg", "ks", "log", "preseed": "text/plain; charset=utf-8"
    case "html": "text/html; charset=utf-8"
    case "json": "application/json"
    case "gz": "application/gzip"
    case "iso": "application/vnd.efi-iso"
    default: "application/octet-stream"
    }
  }
}

/// What the file system says of a path, links followed.
struct FileStatus: Equatable {
  enum Kind {
    case regular
    case directory
    case other
  }

  var kind: Kind
  var size: Int
  var device: UInt64
  var inode: UInt64
  var modifiedNanoseconds: Int64

  var modified: Date {
    Date(timeIntervalSince1970: TimeInterval(modifiedNanoseconds / 1_000_000_000))
  }

  init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.init(status)
  }

  init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      default: .other
      }
    size = Int(status.st_size)
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    modifiedNanoseconds =
      Int64(status.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(status.st_mtim.tv_nsec)
  }
}
