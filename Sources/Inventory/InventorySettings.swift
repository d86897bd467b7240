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
  /// Boots that are kept of all machines together that did not come past DHCP.
  package var fruitlessBootsKept: Int
  /// Boot events that may wait to be written; more are counted and dropped.
  package var eventsWaiting: Int
  /// Boot events a second that are told of machines that nobody knows; of those under way and of known
  /// ones half as many more each. The rest is counted.
  package var eventsPerSecond: Int
  /// As many are told at once before the rate counts.
  package var eventsAtOnce: Int

  package init(
    lease: Duration = .seconds(600), timeLimit: Duration = .seconds(7200),
    endedJobsKept: Int = 1000, bootsKept: Int = 50, eventsKept: Int = 100_000,
    fruitlessBootsKept: Int = 10_000, eventsWaiting: Int = 20_000, eventsPerSecond: Int = 3000,
    eventsAtOnce: Int = 20_000
  ) {
    self.lease = lease
    self.timeLimit = timeLimit
    self.endedJobsKept = endedJobsKept
    self.bootsKept = bootsKept
    self.eventsKept = eventsKept
    self.fruitlessBootsKept = fruitlessBootsKept
    self.eventsWaiting = eventsWaiting
    self.eventsPerSecond = eventsPerSecond
    self.eventsAtOnce = eventsAtOnce
  }
}
