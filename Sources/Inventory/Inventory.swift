/// Inventory: the front door; reimage jobs and boots of every machine in one state directory.

/// What the appliance knows and must not forget. `jobs` answers from memory, durably written;
/// `boots` takes notes without ever making a protocol wait.
package struct Inventory: Sendable {
  package let jobs: JobLedger
  package let boots: BootJournal

  /// Opens `<state>/fino.db`, makes it where it is missing, and brings an older one up to date.
  package static func open(
    state: String, settings: InventorySettings = InventorySettings()
  ) throws(InventoryError) -> Inventory {
    let store = try SQLiteStore.open(directory: state)
    let boots = try BootJournal(store: store, settings: settings)
    let jobs = try JobLedger(store: store, journal: boots, settings: settings)
    return Inventory(jobs: jobs, boots: boots)
  }

  /// Ends the followers and writes what is still in memory. Nothing may be asked afterwards.
  package func close() async {
    await jobs.close()
    await boots.close()
  }
}
