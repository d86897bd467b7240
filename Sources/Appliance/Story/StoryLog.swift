/// Appliance: every step of every boot as a line in the log, as long as the log keeps up.

import Inventory
import Logging
import Synchronization
import Wire

/// Who reads a log can't read thousands of lines a second, and to write them costs more than to boot a
/// machine. Beyond the pace lines are summed in one; the stories have them.
final class StoryLog: Sendable {
  private let journal: BootJournal
  /// Events that were not told.
  private let shed: Counter
  private let logger: Logger
  private let pace = Mutex(LogPace())

  init(journal: BootJournal, counters: Counters, logger: Logger) {
    self.journal = journal
    shed = counters.counter("events-shed")
    self.logger = logger
  }

  /// Until the journal is closed.
  func run() async {
    await withTaskGroup { group in
      group.addTask { await self.writeLines() }
      group.addTask {
        while !Task.isCancelled {
          try? await Task.sleep(for: .seconds(1))
          self.writeSums()
        }
      }
      await group.next()
      group.cancelAll()
    }
    writeSums()
  }

  private func writeLines() async {
    for await event in journal.events(buffer: 10_000) {
      guard pace.withLock({ $0.takes(event.id) }) else { continue }
      let who = [event.mac?.description, event.address?.description].compactMap(\.self)
      logger.info("\(who.joined(separator: " ")): \(event.text)")
    }
  }

  private func writeSums() {
    let leftOut = pace.withLock { $0.nextSecond() }
    if leftOut > 0 {
      let count = ShedEvents.grouped(leftOut)
      logger.info(
        "\(count) more events are in the stories and not in this log: it takes \(LogPace.rate) lines a second"
      )
    }
    if let left = journal.takeShed() {
      shed.add(left.events)
      logger.warning("\(left)")
    }
  }
}
