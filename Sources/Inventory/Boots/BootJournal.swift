/// Inventory: the keeper of the boots: notes are taken at once, and written in batches.

package import Wire

package actor BootJournal {
  private let store: SQLiteStore
  private let settings: InventorySettings
  private var grouping: BootGrouping
  private var nextEventID: Int
  /// Placed, and not on disk yet: the batch at hand, or more of them when the disk fails.
  private var batch = EventBatch()
  private var failure: InventoryError?
  private var droppedWhenFull = 0
  private nonisolated let waiting: WaitingObservations
  private nonisolated let followers = Followers<BootEvent>()
  private let disk = DiskQueue(label: "fino.boots")

  package nonisolated var unownedExecutor: UnownedSerialExecutor { disk.asUnownedSerialExecutor() }

  init(store: SQLiteStore, settings: InventorySettings) throws(InventoryError) {
    self.store = store
    self.settings = settings
    self.waiting = WaitingObservations(limit: settings.eventsWaiting)
    self.grouping = BootGrouping(
      nextID: try store.lastBootID() + 1, recent: try store.recentBoots())
    self.nextEventID = try store.lastEventID() + 1
  }

  /// Takes a note. Costs a lock and no more; never waits, never fails.
  package nonisolated func record(_ observation: BootObservation) {
    if waiting.append(observation) {
      Task { await self.write() }
    }
  }

  /// New events as they come; a slow reader misses the oldest of more than `buffer`.
  package nonisolated func events(buffer: Int = 1024) -> AsyncStream<BootEvent> {
    followers.follow(buffer: buffer)
  }

  /// The latest boots first, with everything that was recorded before the call.
  package func boots(
    mac: MACAddress? = nil, limit: Int = 20
  ) throws(InventoryError) -> [Boot] {
    write()
    guard !batch.isEmpty else { return try store.boots(mac: mac, limit: limit) }
    // The disk fails: what it does not have is added from memory.
    return batch.added(to: (try? store.boots(mac: mac, limit: limit)) ?? [], mac: mac, limit: limit)
  }

  /// One boot with all its events, or nil.
  package func boot(_ id: Int) throws(InventoryError) -> Boot? {
    write()
    return try store.boot(id)
  }

  package struct Health: Equatable, Sendable {
    /// Events that were lost because the disk did not keep up.
    package let dropped: Int
    /// Events that are in memory only.
    package let unwritten: Int
    /// Why the last write failed, if it did.
    package let failure: InventoryError?
  }

  package func health() -> Health {
    write()
    return Health(
      dropped: waiting.dropped + droppedWhenFull, unwritten: batch.events.count, failure: failure)
  }

  func close() {
    write()
    followers.close()
  }

  private func write() {
    let placed = waiting.takeAll().compactMap { place($0) }
    followers.tell(placed)
    guard !batch.isEmpty else { return }
    do throws(InventoryError) {
      try store.append(batch, settings: settings)
      batch = EventBatch()
      failure = nil
    } catch {
      failure = error
      droppedWhenFull += batch.trim(to: settings.eventsWaiting)
    }
  }

  private func place(_ observation: BootObservation) -> BootEvent? {
    guard let placement = grouping.place(observation) else { return nil }
    let event = BootEvent(
      id: nextEventID, boot: placement.boot.id, kind: observation.kind,
      mac: observation.mac ?? placement.boot.mac,
      address: observation.address, at: observation.at,
      text: observation.text, details: observation.details)
    nextEventID += 1
    batch.add(event, placement)
    return event
  }
}
