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
    case .directory: return .directory(DirectoryListing(of: place))
    case .other: return nil
    }
  }

  /// Why `location` can't be installed from, as one sentence for a person; nil when it can.
  package func problem(withLocation location: String) -> String? {
    guard Self.isPlain(location) else {
      return "location «\(location)» is not the name of a folder below the images directory"
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
    !path.isEmpty
      && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
        !$0.isEmpty && $0 != "." && $0 != ".."
          && !$0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
      }
  }

  /// The real path, or nil when it leaves the root.
  private func resolve(_ path: String) -> String? {
    let parts = path.split(separator: "/")
    guard parts.isEmpty || Self.isPlain(parts.joined(separator: "/")),
      let top = Self.realPath(root),
      let real = Self.realPath(([top] + parts.map(String.init)).joined(separator: "/"))
    else { return nil }
    return real == top || real.hasPrefix(top == "/" ? top : top + "/") ? real : nil
  }

  private static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
