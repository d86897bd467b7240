/// Images: the local directory with kernels and initrds, one folder a location.

import Foundation

/// `<root>/<location>/vmlinuz` and `initrd.img`, and whatever else lies there. Nothing outside the
/// root can be reached, also not by a symbolic link.
package struct ImageLibrary: Sendable {
  package let root: String

  /// What a reimage needs in a location.
  package static let kernel = "vmlinuz"
  package static let initrd = "initrd.img"

  package init(root: String) {
    self.root = root
  }

  package enum Item: Equatable, Sendable {
    case file(ImageFile)
    case directory(DirectoryListing)
  }

  /// What is at `path` (decoded, relative to the root, `/` between its parts); nil when nothing that
  /// may be given out is there.
  package func item(at path: String) -> Item? {
    guard let place = resolve(path), let status = FileStatus(path: place) else { return nil }
    switch status.kind {
    case .regular: return .file(ImageFile(path: place, status: status))
    case .directory:
      // What a link leads out of the root is not given out, so it is not shown either.
      var listing = DirectoryListing(of: place)
      listing.entries.removeAll { resolve("\(path)/\($0.name)") == nil }
      return .directory(listing)
    case .other: return nil
    }
  }

  /// Why `location` can't be installed from, as one sentence for a person; nil when it can.
  package func problem(withLocation location: String) -> String? {
    guard Self.isPlain(location) else {
      // Control characters would break the line of a log.
      let shown = String(
        String.UnicodeScalarView(
          location.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? "?" : $0 }))
      return "location «\(shown)» is not the name of a folder below the images directory"
    }
    let missing = [Self.kernel, Self.initrd].filter { name in
      guard case .file(let file) = item(at: "\(location)/\(name)") else { return true }
      return file.size == 0
    }
    guard !missing.isEmpty else { return nil }
    let files = missing.map { "\(root)/\(location)/\($0)" }.joined(separator: " and ")
    return
      "location «\(location)» has no \(missing.joined(separator: " and no ")): put \(files) there"
  }

  /// The locations that can be installed from, sorted.
  package func locations() -> [String] {
    DirectoryListing(of: root).entries.filter { $0.isDirectory }.map(\.name)
      .filter { problem(withLocation: $0) == nil }
  }

  /// Relative, with no empty, `.` or `..` part and no control character.
  private static func isPlain(_ path: String) -> Bool {
    parts(path, keepingEmpty: true).allSatisfy { part in
      !part.isEmpty && part != "." && part != ".."
        && !part.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
    }
  }

  /// Bytes are split, not characters: as a character, `/` with a combining accent behind it is no
  /// `/`, but it is one for the file system.
  private static func parts(_ path: String, keepingEmpty: Bool) -> [String] {
    path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: !keepingEmpty)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// The real path, or nil when it leaves the root.
  private func resolve(_ path: String) -> String? {
    let parts = Self.parts(path, keepingEmpty: false)
    guard parts.isEmpty || Self.isPlain(parts.joined(separator: "/")),
      let top = Self.realPath(root),
      let real = Self.realPath(([top] + parts).joined(separator: "/"))
    else { return nil }
    let inside = top == "/" ? top : top + "/"
    return real.utf8.elementsEqual(top.utf8) || real.utf8.starts(with: inside.utf8) ? real : nil
  }

  private static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
