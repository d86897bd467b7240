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
  private nonisolated let waiting: WaitingFacts
  private nonisolated let followers = Followers<BootEvent>()
  private let disk = DiskQueue(label: "fino.boots")
  private var writtenAt = ContinuousClock.now

  /// From one transaction to the next: a disk takes a hundred events as quickly as one.
  private static let pause = Duration.milliseconds(20)
  /// Facts that become one transaction; what waits beyond is still small.
  private static let chunk = 2000

  package nonisolated var unownedExecutor: UnownedSerialExecutor { disk.asUnownedSerialExecutor() }

  init(store: SQLiteStore, settings: InventorySettings) throws(InventoryError) {
    self.store = store
    self.settings = settings
    self.waiting = WaitingFacts(
      limit: settings.eventsWaiting, rate: settings.eventsPerSecond, burst: settings.eventsAtOnce)
    self.grouping = BootGrouping(
      nextID: try store.lastBootID() + 1, recent: try store.recentBoots())
    self.nextEventID = try store.lastEventID() + 1
  }

  /// Takes a note of a job, or of what else has a record; shed last. Never waits, never fails.
  package nonisolated func record(_ observation: BootObservation) {
    if admits(of: observation.mac, at: observation.address, standing: { .known }) {
      take(observation)
    }
  }

  /// Whether the story has room for `events` more of this machine. To be asked before anything is made
  /// of them: it costs two locks at most. Those that are refused are counted. `standing` is asked only
  /// where not everybody's can be told.
  package nonisolated func admits(
    _ events: Int = 1, of mac: MACAddress?, at address: IPAddress? = nil,
    standing: () -> Standing
  ) -> Bool {
    let machine = mac?.value ?? address.map { UInt64(bitPattern: Int64($0.hashValue)) } ?? 0
    return waiting.admits(events, of: machine, standing)
  }

  /// Takes what was admitted. Costs a lock and a copy; the fact is read on the journal's own thread.
  package nonisolated func take(_ fact: some BootFact) {
    if waiting.append(fact) {
      Task { await self.writeSoon() }
    }
  }

  /// What was not told since the last call, nil for nothing. To be called once a second.
  package nonisolated func takeShed() -> ShedEvents? {
    waiting.takeShed()
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

  private func writeSoon() async {
    let next = writtenAt + Self.pause
    if .now < next { try? await Task.sleep(until: next) }
    write()
  }

  private func write() {
    var facts = waiting.takeAll()[...]
    repeat {
      followers.tell(
        facts.prefix(Self.chunk).flatMap { $0.observations.compactMap { place($0) } })
      facts = facts.dropFirst(Self.chunk)
      writeBatch()
    } while !facts.isEmpty
  }

  private func writeBatch() {
    guard !batch.isEmpty else { return }
    do throws(InventoryError) {
      try store.append(batch, settings: settings)
      batch = EventBatch()
      failure = nil
    } catch {
      failure = error
      droppedWhenFull += batch.trim(to: settings.eventsWaiting)
    }
    waiting.note(unwritten: batch.events.count)
    writtenAt = .now
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
