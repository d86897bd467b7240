/// Inventory: the state directory and the file in it, made so that only their owner can read them.

import Foundation

enum StateFile {
  static let name = "fino.db"

  /// Makes directory (0700) and file (0600) where they are missing. Answers the file's path.
  static func prepare(directory: String) throws(InventoryError) -> String {
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw .cannotUse(path: directory, reason: obstacle(directory) ?? "it can't be made")
    }
    let path = directory.hasSuffix("/") ? directory + name : directory + "/" + name
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw .cannotUse(path: directory, reason: "\(name): \(String(cString: strerror(errno)))")
    }
    // Also for a file that was put back from a copy. SQLite gives its -wal and -shm files the
    // permissions of this one.
    fchmod(descriptor, 0o600)
    close(descriptor)
    return path
  }

  /// The first part of the path that is there and no directory.
  private static func obstacle(_ directory: String) -> String? {
    var path = ""
    for part in directory.split(separator: "/") {
      path += (path.isEmpty && !directory.hasPrefix("/") ? "" : "/") + part
      var isDirectory: ObjCBool = false
      let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory)
      if exists, !isDirectory.boolValue { return "\(path) is not a directory" }
    }
    return nil
  }
}
