/// Inventory: the state of this one appliance, in its own `fino.db`.

package actor SQLiteStateStore: StateStore {
  private nonisolated let store: SQLiteStore
  /// Rung when there is something to look at. One that was not heard yet is not rung twice: who is
  /// slow looks once.
  private nonisolated let bells = Followers<Void>()
  private let disk = DiskQueue(label: "fino.state")

  package nonisolated var unownedExecutor: UnownedSerialExecutor { disk.asUnownedSerialExecutor() }

  init(_ store: SQLiteStore) {
    self.store = store
  }

  /// Opens `<state>/fino.db` for those who need the records alone.
  package init(state: String) throws(InventoryError) {
    self.init(try SQLiteStore.open(directory: state))
  }

  package func get(_ key: String) throws(StateError) -> StateEntry? {
    do throws(InventoryError) {
      return try store.entry(key)
    } catch {
      throw .unavailable(error)
    }
  }

  package func list(prefix: String) throws(StateError) -> [StateEntry] {
    do throws(InventoryError) {
      return try store.entries(prefix: prefix)
    } catch {
      throw .unavailable(error)
    }
  }

  @discardableResult
  package func apply(_ changes: [StateChange]) throws(StateError) -> Int {
    let revision = try store.apply(changes)
    bells.tell([()])
    return revision
  }

  package nonisolated func watch(prefix: String) -> AsyncThrowingStream<StateUpdate, any Error> {
    // Hung before the first look, so that no change falls between.
    let bell = bells.follow(buffer: 1)
    let position = WatchPosition()
    return AsyncThrowingStream {
      if position.revision == nil {
        let update = try await self.everything(prefix)
        position.revision = update.revision
        return update
      }
      var rings = bell.makeAsyncIterator()
      while await rings.next() != nil {
        guard let update = try await self.changes(prefix, after: position.revision ?? 0) else {
          continue
        }
        position.revision = update.revision
        return update
      }
      return nil
    }
  }

  /// Another process may have written to the file. To be called every second or so.
  package nonisolated func noticeOtherWriters() {
    bells.tell([()])
  }

  /// What is there now, for those who can't wait at the start.
  nonisolated func beginning(prefix: String) throws(InventoryError) -> StateUpdate {
    try store.everything(prefix: prefix)
  }

  func close() {
    bells.close()
  }

  private func everything(_ prefix: String) throws -> StateUpdate {
    try store.everything(prefix: prefix)
  }

  private func changes(_ prefix: String, after revision: Int) throws -> StateUpdate? {
    try store.changes(prefix: prefix, after: revision)
  }
}
