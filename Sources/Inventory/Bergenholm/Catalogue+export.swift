/// Inventory: `fino export bergenholm DIR`: the folder that an import reads.

private import Foundation
private import Jinja

package struct ExportError: Error, Equatable, Sendable, CustomStringConvertible {
  package let description: String
}

extension CatalogueSnapshot {
  /// Writes everything, with secrets, for its owner alone. The folder must be new or empty; it
  /// appears whole or not at all. Answers how many records it has.
  @discardableResult
  package func export(to folder: String) throws(ExportError) -> Int {
    let files = FileManager.default
    if let there = try? files.contentsOfDirectory(atPath: folder), !there.isEmpty {
      throw ExportError(description: "\(folder) is not empty. Name a new folder.")
    }
    // A neighbour, so that the last step is one `rename`.
    let trimmed = folder.hasSuffix("/") && folder != "/" ? String(folder.dropLast()) : folder
    let unfinished = "\(trimmed).unfinished-\(ProcessInfo.processInfo.processIdentifier)"
    do {
      try? files.removeItem(atPath: unfinished)
      let count = try write(to: unfinished)
      guard rename(unfinished, trimmed) == 0 else {
        throw CocoaError(.fileWriteUnknown)
      }
      return count
    } catch {
      try? files.removeItem(atPath: unfinished)
      throw ExportError(
        description: "\(folder) can't be written. Look at its permissions and the free space.")
    }
  }

  private func write(to folder: String) throws -> Int {
    for kind in RecordKind.allCases {
      try FileManager.default.createDirectory(
        atPath: folder + "/" + kind.plural, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    }
    for name in hosts.names {
      try write(.host, name, hosts[name]?.parameters, to: folder)
    }
    for name in groups.names {
      try write(.group, name, groups[name]?.parameters, to: folder)
    }
    for name in templates.names {
      try write(.template, name, templates[name]?.bytes ?? [], to: folder)
    }
    return hosts.count + groups.count + templates.count
  }

  private func write(
    _ kind: RecordKind, _ name: String, _ parameters: Parameters?, to folder: String
  ) throws {
    let text = JSONWriter.bytes(.dict(parameters ?? [:]), .indented) + [UInt8(ascii: "\n")]
    try write(kind, name, text, to: folder)
  }

  private func write(_ kind: RecordKind, _ name: String, _ bytes: [UInt8], to folder: String) throws
  {
    let path = folder + "/" + kind.plural + "/" + BergenholmFiles.fileName(kind, name)
    let isWritten = FileManager.default.createFile(
      atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
    if !isWritten { throw CocoaError(.fileWriteUnknown) }
  }
}
