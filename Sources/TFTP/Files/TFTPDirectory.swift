/// TFTP: files of one folder; nothing outside it can be reached.

import Glibc
import Synchronization

/// Regular files of at most 4 GiB below a root. A symbolic link is followed as long as it stays inside.
/// A small file is read whole when it is first asked for, which takes less than waking another thread;
/// of a larger one only slices are in memory, which another thread reads (`SlicedFile`). Both stay in
/// memory for all transfers, and are read again when the file has changed.
package final class TFTPDirectory: Sendable {
  /// Bytes of the largest file that is served.
  package static let largestFile = 4 * 1024 * 1024 * 1024
  /// Bytes of the largest file that is read at once.
  static let largestWhole = 256 * 1024
  /// Bytes of small files, and of slices of large ones, that are kept in memory.
  static let cacheSize = 64 * 1024 * 1024
  static let shelfSize = 256 * 1024 * 1024
  /// Large files that are kept open without being in a transfer.
  static let openFiles = 32
  /// Entries of a folder that are looked through for a name in other case.
  static let entriesSearched = 4096

  private let root: String
  private let small = Mutex(TFTPFileCache(capacity: cacheSize))
  private let large = Mutex(TFTPFileCache(capacity: .max, most: openFiles))
  private let shelf = SliceShelf(capacity: shelfSize)

  package init(root: String) {
    self.root = root
  }

  /// The exact name, else the same name in other case. nil for everything that must not or cannot
  /// be read. `name` is a cleaned one.
  package func file(named name: String) -> TFTPFile? {
    guard let top = Self.resolve(root) else { return nil }
    if let found = read(name, below: top) { return found }
    guard let spelled = Self.spelling(of: name, below: top), spelled != name else { return nil }
    return read(spelled, below: top)
  }

  private func read(_ name: String, below top: String) -> TFTPFile? {
    let base = top == "/" ? top : top + "/"
    // Bytes, not characters: a slash and a combining accent are one character to Swift.
    guard let path = Self.resolve(base + name), path.utf8.starts(with: base.utf8),
      let descriptor = Self.open(path.utf8.dropFirst(base.utf8.count), below: top)
    else { return nil }
    let file = OpenFile(descriptor: descriptor)
    guard let version = file.version, version.size <= Self.largestFile else { return nil }
    if version.size > Self.largestWhole {
      return TFTPFile(
        large.withLock { cache in
          if let contents = cache.contents(path, version) { return contents }
          let contents = FileContents(SlicedFile(file, version, shelf: shelf))
          cache.store(contents, path, version)
          return contents
        })
    }
    if let contents = small.withLock({ $0.contents(path, version) }) { return TFTPFile(contents) }
    guard let bytes = file.read(at: 0, count: version.size), file.version == version else {
      return nil
    }
    let contents = FileContents(bytes)
    small.withLock { $0.store(contents, path, version) }
    return TFTPFile(contents)
  }

  // MARK: System calls

  /// The path without symbolic links.
  private static func resolve(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Opens each part of a resolved path without following links: somebody may have put one there
  /// since the path was resolved.
  private static func open(_ path: Substring.UTF8View, below top: String) -> Int32? {
    var descriptor = Glibc.open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    let parts = path.split(separator: UInt8(ascii: "/"))
    for (index, part) in parts.enumerated() where descriptor >= 0 {
      // Without O_NONBLOCK a FIFO would hold the thread.
      let kind = index == parts.count - 1 ? O_NONBLOCK : O_DIRECTORY
      let flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | kind
      let next = openat(descriptor, String(Substring(part)), flags)
      close(descriptor)
      descriptor = next
    }
    return descriptor >= 0 ? descriptor : nil
  }

  // MARK: Case

  /// The name as the folders spell it; among several that differ in case only, the one that sorts
  /// first.
  private static func spelling(of name: String, below top: String) -> String? {
    var found: [String] = []
    for part in name.utf8.split(separator: UInt8(ascii: "/")) {
      let folder = ([top] + found).joined(separator: "/")
      guard let entry = entry(String(Substring(part)), in: folder) else { return nil }
      found.append(entry)
    }
    return found.joined(separator: "/")
  }

  private static func entry(_ name: String, in folder: String) -> String? {
    guard let directory = opendir(folder) else { return nil }
    defer { closedir(directory) }
    let wanted = name.lowercased()
    var best: String?
    for _ in 0..<entriesSearched {
      guard let entry = readdir(directory) else { break }
      let spelled = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if spelled == name { return name }
      if spelled.lowercased() == wanted { best = min(best ?? spelled, spelled) }
    }
    return best
  }
}
