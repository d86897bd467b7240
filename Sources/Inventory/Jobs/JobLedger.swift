/// Inventory: the keeper of the jobs: memory answers, the disk knows it first.

package import Foundation
import Synchronization
package import Wire

/// Every change is committed before it is answered. Where the disk fails, a change that was asked
/// for throws and has not happened; what a machine did has happened all the same, and is written
/// later.
package actor JobLedger {
  private let store: SQLiteStore
  private let journal: BootJournal
  private let settings: InventorySettings
  private var book: JobBook {
    didSet { mirror(book) }
  }
  /// The machines that have a live job, for those who can't wait.
  private nonisolated let waiting = Mutex<Set<MACAddress>>([])
  /// Jobs that changed when the disk failed.
  private var unwritten: [Int: ReimageJob] = [:]
  private let disk = DiskQueue(label: "fino.jobs")

  package nonisolated var unownedExecutor: UnownedSerialExecutor { disk.asUnownedSerialExecutor() }

  init(
    store: SQLiteStore, journal: BootJournal, settings: InventorySettings
  ) throws(InventoryError) {
    self.store = store
    self.journal = journal
    self.settings = settings
    // A power command that was under way when the appliance stopped may have reached its BMC or not:
    // it is not repeated, but somebody should look.
    let jobs = try store.liveJobs().map { job in
      guard job.power == .pending else { return job }
      var job = job
      job.power = .failed("the appliance was stopped before the BMC had answered")
      return job
    }
    self.book = JobBook(settings: settings, live: jobs, nextID: try store.lastJobID() + 1)
    mirror(book)
  }

  /// Stores the job; a live job of the same machine is superseded by it.
  package func createJob(
    _ request: ReimageRequest, at now: Date
  ) throws(InventoryError) -> ReimageJob {
    var next = book
    let (job, facts) = next.create(request, at: now)
    try commit(facts, then: next)
    return job
  }

  /// What the machine is to run now; nil means its local disk (or what else is configured). Where
  /// the claim can't be stored it throws: a machine must not install what nobody would remember.
  package func claim(
    _ mac: MACAddress, by client: IPAddress, at now: Date
  ) throws(InventoryError) -> ReimageJob? {
    var next = book
    let (job, facts) = next.claim(mac, by: client, at: now)
    try commit(facts, then: next)
    return job
  }

  /// The machine's live job, without claiming it.
  package func liveJob(of mac: MACAddress) -> ReimageJob? {
    book.job(of: mac)
  }

  /// Whether a reimage waits for the machine; for event loops, which must not wait for the disk.
  package nonisolated func hasLiveJob(of mac: MACAddress) -> Bool {
    waiting.withLock { $0.contains(mac) }
  }

  private nonisolated func mirror(_ book: JobBook) {
    let machines = Set(book.live.keys)
    waiting.withLock { $0 = machines }
  }

  /// The whole of `file` of `location` was received by `client`. Answers the job that it was for.
  @discardableResult
  package func fetched(
    _ file: InstallFile, of location: String, by client: IPAddress, at now: Date
  ) -> ReimageJob? {
    let facts = book.fetched(file, of: location, by: client, at: now)
    remember(facts)
    return facts.first { $0.isProgress }?.job
  }

  /// What the power command said. Answers the job, also where it has ended meanwhile; nil where
  /// there is none.
  @discardableResult
  package func recordPower(
    _ id: Int, _ report: PowerReport, at now: Date
  ) throws(InventoryError) -> ReimageJob? {
    if let fact = book.recordPower(id, report, at: now) {
      remember([fact])
      return fact.job
    }
    guard var job = try job(id) else { return nil }
    job.power = report
    remember([JobFact(kind: .power(report), job: job, at: now)])
    return job
  }

  package enum Cancellation: Equatable, Sendable {
    case cancelled(ReimageJob)
    case alreadyEnded(ReimageJob)
    case unknown
  }

  package func cancel(_ id: Int, at now: Date) throws(InventoryError) -> Cancellation {
    var next = book
    let (job, facts) = next.cancel(id, at: now)
    try commit(facts, then: next)
    if let job { return .cancelled(job) }
    return try self.job(id).map { .alreadyEnded($0) } ?? .unknown
  }

  /// Ends leases and jobs whose time is over. To be called every minute or so, for the record's
  /// sake: a claim looks at the time by itself.
  package func pass(to now: Date) {
    remember(book.pass(to: now))
  }

  /// The latest first.
  package func jobs(includingEnded: Bool = false) throws(InventoryError) -> [ReimageJob] {
    var jobs = Array(book.live.values)
    if includingEnded {
      let known = Set(jobs.map(\.id)).union(unwritten.keys)
      jobs += unwritten.values.filter { !$0.isLive }
      jobs += try store.endedJobs().filter { !known.contains($0.id) }
    }
    return jobs.sorted { $0.id > $1.id }
  }

  package func job(_ id: Int) throws(InventoryError) -> ReimageJob? {
    if let job = unwritten[id] ?? book.live.values.first(where: { $0.id == id }) { return job }
    return try store.job(id)
  }

  func close() {
    remember([])
  }

  private func commit(_ facts: [JobFact], then next: JobBook) throws(InventoryError) {
    if !facts.isEmpty { try write(facts) }
    book = next
    tell(facts)
  }

  private func remember(_ facts: [JobFact]) {
    for fact in facts { unwritten[fact.job.id] = fact.job }
    // The next change tries again.
    if !unwritten.isEmpty { try? write([]) }
    tell(facts)
  }

  /// All or nothing.
  private func write(_ facts: [JobFact]) throws(InventoryError) {
    var jobs = unwritten
    for fact in facts { jobs[fact.job.id] = fact.job }
    try store.save(
      jobs.values.sorted { $0.id < $1.id }, endedJobsKept: settings.endedJobsKept)
    unwritten = [:]
  }

  private func tell(_ facts: [JobFact]) {
    for observation in facts.compactMap(\.observation) { journal.record(observation) }
  }
}

extension JobFact {
  fileprivate var isProgress: Bool {
    switch kind {
    case .fetched, .installed: true
    default: false
    }
  }
}
