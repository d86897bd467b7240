/// Inventory: one key of the state, a wish to change it, and news of changes.

package struct StateEntry: Equatable, Sendable {
  package let key: String
  package let value: [UInt8]
  /// The revision of the change that wrote it.
  package let revision: Int

  package init(key: String, value: [UInt8], revision: Int) {
    self.key = key
    self.value = value
    self.revision = revision
  }
}

/// What must be true of a key for a change to happen.
package enum StateExpectation: Equatable, Sendable {
  case anything
  case absent
  case revision(Int)
}

package struct StateChange: Equatable, Sendable {
  package let key: String
  /// nil deletes.
  package let value: [UInt8]?
  package let expected: StateExpectation

  package init(key: String, value: [UInt8]?, expected: StateExpectation = .anything) {
    self.key = key
    self.value = value
    self.expected = expected
  }
}

package struct StateUpdate: Equatable, Sendable {
  package enum Contents: Equatable, Sendable {
    /// What is not among these does not exist (any more).
    case everything([StateEntry])
    case changes(put: [StateEntry], deleted: [String])
  }

  /// How far the store had come.
  package let revision: Int
  package let contents: Contents

  package init(revision: Int, contents: Contents) {
    self.revision = revision
    self.contents = contents
  }
}
