/// Inventory: what the records ask of whatever keeps them.

/// Keys with values and revisions. A revision counts the changes of the whole store, so that two
/// changes can always be told apart. An answer to `apply` means that the change is durable.
package protocol StateStore: Sendable {
  func get(_ key: String) async throws(StateError) -> StateEntry?

  /// In the order of the keys.
  func list(prefix: String) async throws(StateError) -> [StateEntry]

  /// All of the changes or none of them; answers the revision that they have.
  @discardableResult
  func apply(_ changes: [StateChange]) async throws(StateError) -> Int

  /// First everything, then what changes from then on, whoever changes it. Nothing is missed;
  /// changes that follow each other closely may come as one. Ends when the store is closed.
  func watch(prefix: String) -> AsyncThrowingStream<StateUpdate, any Error>
}

extension StateStore {
  @discardableResult
  package func put(
    _ key: String, _ value: [UInt8], expecting expected: StateExpectation = .anything
  ) async throws(StateError) -> Int {
    try await apply([StateChange(key: key, value: value, expected: expected)])
  }

  /// To delete what is not there is no error unless it was expected to be there.
  @discardableResult
  package func delete(
    _ key: String, expecting expected: StateExpectation = .anything
  ) async throws(StateError) -> Int {
    try await apply([StateChange(key: key, value: nil, expected: expected)])
  }
}
