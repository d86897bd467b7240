/// Inventory: the front door; jobs, boots and records of all machines in one state directory.

package import Wire

/// What the appliance knows and must not forget. `jobs` answers from memory, durably written;
/// `boots` takes notes without ever making a protocol wait; `catalogue` has hosts, groups and
/// templates, and what is made of them.
package struct Inventory: Sendable {
  package let jobs: JobLedger
  package let boots: BootJournal
  package let catalogue: Catalogue
  private let records: SQLiteStateStore

  /// Opens `<state>/fino.db`, makes it where it is missing, and brings an older one up to date.
  package static func open(
    state: String, settings: InventorySettings = InventorySettings()
  ) throws(InventoryError) -> Inventory {
    let store = try SQLiteStore.open(directory: state)
    let boots = try BootJournal(store: store, settings: settings)
    let jobs = try JobLedger(store: store, journal: boots, settings: settings)
    let records = SQLiteStateStore(store)
    let catalogue = Catalogue(
      store: records, beginning: try records.beginning(prefix: RecordKind.prefix))
    return Inventory(jobs: jobs, boots: boots, catalogue: catalogue, records: records)
  }

  /// Whether a machine has a live job or a record: what is told of it matters more than what is told
  /// of an address that nobody ever heard of. Answered from memory.
  package func knows(_ mac: MACAddress, _ uuid: SystemUUID?) -> Bool {
    jobs.hasLiveJob(of: mac) || catalogue.knows(mac, uuid)
  }

  /// Another process (`fino import`) may have changed records. To be called every second or so.
  package func noticeOtherWriters() async {
    await catalogue.follow()
    records.noticeOtherWriters()
  }

  /// Ends the followers and writes what is still in memory. Nothing may be asked afterwards.
  package func close() async {
    await catalogue.close()
    await records.close()
    await jobs.close()
    await boots.close()
  }
}
