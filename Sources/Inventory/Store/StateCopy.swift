/// Inventory: a copy of the state, for those who look and must change nothing.

import Foundation
import GRDB

/// In a directory of its own, which only its owner can read. Whoever makes one removes it.
package struct StateCopy: Sendable {
  package let directory: String

  /// Where there is no state yet, the copy is an empty directory. Nothing is made or changed in
  /// `state`, also while an appliance is using it.
  package init(of state: String) throws(InventoryError) {
    let files = FileManager.default
    let source = state.hasSuffix("/") ? state + StateFile.name : "\(state)/\(StateFile.name)"
    directory = files.temporaryDirectory.appending(path: "fino-state-\(UUID())").path
    do {
      try files.createDirectory(
        atPath: directory, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw .cannotUse(path: directory, reason: "it can't be made")
    }
    do {
      guard files.fileExists(atPath: source) else {
        // A directory that can't be looked into is not one without a state.
        guard access(source, F_OK) == 0 || errno == ENOENT else { throw POSIXError(.EACCES) }
        return
      }
      try Self.copy(source, to: "\(directory)/\(StateFile.name)")
    } catch {
      remove()
      throw .storeFailed(path: source, reason: Self.reason(error))
    }
  }

  package func remove() {
    try? FileManager.default.removeItem(atPath: directory)
  }

  private static func copy(_ source: String, to target: String) throws {
    let log = try? FileManager.default.attributesOfItem(atPath: "\(source)-wal")[.size] as? Int
    guard let log, log > 0 else {
      // At rest the file is whole. SQLite would make files beside it to read it.
      return try FileManager.default.copyItem(atPath: source, toPath: target)
    }
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    let reader = try DatabaseQueue(path: source, configuration: configuration)
    let writer = try DatabaseQueue(path: target)
    try reader.backup(to: writer)
    try writer.close()
    try reader.close()
  }

  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as DatabaseError: error.message ?? "\(error.resultCode)"
    case let error as CocoaError where error.code == .fileReadNoPermission: "no right to read it"
    case is POSIXError: "no right to read it"
    default: "it can't be copied"
    }
  }
}
