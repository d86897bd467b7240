/// Inventory: why the state was not read or changed.

package enum StateError: Error, Equatable, Sendable {
  /// Somebody else was faster: the key is not what was expected, and nothing was changed. `found`
  /// is its revision, nil where it does not exist.
  case conflict(key: String, found: Int?)
  /// The store itself fails; nothing was changed.
  case unavailable(InventoryError)
  /// The change is stored, and can't be read back.
  case behind
}

extension StateError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .conflict(let key, nil): "\(key) does not exist any more; nothing was changed."
    case .conflict(let key, _?): "\(key) was changed by somebody else; nothing was changed."
    case .unavailable(let error): error.description
    case .behind:
      "The change is stored, but the state can't be read back now. Look at the log and the disk."
    }
  }
}
