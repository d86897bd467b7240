/// Inventory: what can be wrong with the state on disk, one sentence each.

package enum InventoryError: Error, Equatable, Sendable {
  /// The state directory or a file in it can't be made or opened.
  case cannotUse(path: String, reason: String)
  /// The file is something else, or damaged.
  case notADatabase(path: String)
  /// The file is an SQLite database of another program.
  case foreignDatabase(path: String)
  /// The file was written by a later version of this program.
  case newerVersion(path: String)
  /// A read or a write failed while the appliance was running.
  case storeFailed(path: String, reason: String)
}

extension InventoryError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotUse(let path, let reason):
      """
      The state can't be kept in \(path): \(reason). Give a directory that can be written with \
      --state.
      """
    case .notADatabase(let path):
      """
      The state file \(path) is damaged or not a database. Put back a copy, or move it away to \
      start empty.
      """
    case .foreignDatabase(let path):
      "The database \(path) belongs to another program. Give another directory with --state."
    case .newerVersion(let path):
      """
      The state file \(path) was written by a newer version of Fino. Run that version, or put \
      back an older copy.
      """
    case .storeFailed(let path, let reason):
      """
      The state file \(path) could not be read or written: \(reason). Look at the disk's free \
      space and health.
      """
    }
  }
}
