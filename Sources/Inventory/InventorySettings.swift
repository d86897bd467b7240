/// Inventory: how long things last and how much is kept.

package struct InventorySettings: Equatable, Sendable {
  /// How long a machine that has its install script may be silent before the job waits again.
  package var lease: Duration
  /// How long after the request a machine may still begin to install.
  package var timeLimit: Duration
  /// Ended jobs that are kept for the record.
  package var endedJobsKept: Int
  /// Boots that are kept of one machine.
  package var bootsKept: Int
  /// Boot events that are kept in all.
  package var eventsKept: Int
  /// Boot events that may wait to be written; more are counted and dropped.
  package var eventsWaiting: Int

  package init(
    lease: Duration = .seconds(600), timeLimit: Duration = .seconds(7200),
    endedJobsKept: Int = 1000, bootsKept: Int = 50, eventsKept: Int = 100_000,
    eventsWaiting: Int = 20_000
  ) {
    self.lease = lease
    self.timeLimit = timeLimit
    self.endedJobsKept = endedJobsKept
    self.bootsKept = bootsKept
    self.eventsKept = eventsKept
    self.eventsWaiting = eventsWaiting
  }
}
