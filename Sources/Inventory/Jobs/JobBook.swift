/// Inventory: all live jobs, one a machine; every input answers with the facts to write down.

package import Foundation
import Wire

/// A value: change a copy, write its facts, then keep the copy.
struct JobBook: Equatable, Sendable {
  let settings: InventorySettings
  private(set) var live: [MACAddress: ReimageJob]
  private(set) var nextID: Int

  /// `jobs` may hold two live ones of a machine only in a damaged store; the later one counts.
  init(settings: InventorySettings, live jobs: [ReimageJob] = [], nextID: Int = 1) {
    self.settings = settings
    self.live = Dictionary(jobs.map { ($0.mac, $0) }) { $0.id > $1.id ? $0 : $1 }
    self.nextID = nextID
  }

  /// The machine's live job, if it has one.
  func job(of mac: MACAddress) -> ReimageJob? { live[mac] }

  mutating func create(_ request: ReimageRequest, at now: Date) -> (ReimageJob, [JobFact]) {
    var facts = pass(request.mac, to: now)
    let job = ReimageJob(id: nextID, request: request, createdAt: now)
    nextID += 1
    if let former = live[request.mac] {
      facts += end(former, .superseded(by: job.id, at: now), .superseded, at: now)
    }
    live[job.mac] = job
    facts.append(JobFact(kind: .created, job: job, at: now))
    return (job, facts)
  }

  /// The job that the machine is to run now, or nil: no job, or its time is over.
  mutating func claim(
    _ mac: MACAddress, by client: IPAddress, at now: Date
  ) -> (ReimageJob?, [JobFact]) {
    var facts = pass(mac, to: now)
    guard var job = live[mac] else { return (nil, facts) }
    let step = job.claim(by: client, at: now, settings)
    facts += keep(
      job, after: step, at: now, progress: .claimed(by: client, again: step == .renewed))
    return (job.isLive ? job : nil, facts)
  }

  /// The whole of `file` of `location` reached `client`. Of the jobs that it can be for, the one
  /// whose machine asked last and lacks the file: behind one address there may be two machines.
  mutating func fetched(
    _ file: InstallFile, of location: String, by client: IPAddress, at now: Date
  ) -> [JobFact] {
    let lacking = live.values.compactMap { job -> (job: ReimageJob, claim: ReimageJob.Claim)? in
      guard job.location == location,
        let claim = job.latestLease?.claims.last(where: { $0.client == client }),
        !claim.fetched.contains(file)
      else { return nil }
      return (job, claim)
    }
    let latest = lacking.max { ($0.claim.at, $0.job.id) < ($1.claim.at, $1.job.id) }
    guard var job = latest?.job else { return [] }
    let step = job.fetched(file, by: client, at: now, settings)
    return keep(job, after: step, at: now, progress: .fetched(file, by: client))
  }

  /// nil when no live job has this id.
  mutating func cancel(_ id: Int, at now: Date) -> (ReimageJob?, [JobFact]) {
    guard let mac = live.values.first(where: { $0.id == id })?.mac else { return (nil, []) }
    let facts = pass(mac, to: now)
    guard let job = live[mac] else { return (nil, facts) }
    let ended = end(job, .cancelled(at: now), .cancelled, at: now)
    return (ended.last?.job, facts + ended)
  }

  /// nil when no live job has this id.
  mutating func recordPower(_ id: Int, _ report: PowerReport, at now: Date) -> JobFact? {
    guard var job = live.values.first(where: { $0.id == id }) else { return nil }
    job.power = report
    live[job.mac] = job
    return JobFact(kind: .power(report), job: job, at: now)
  }

  /// What the passing of time alone does to all jobs, in the order of their ids.
  mutating func pass(to now: Date) -> [JobFact] {
    live.values.sorted { $0.id < $1.id }.flatMap { pass($0.mac, to: now) }
  }

  private mutating func pass(_ mac: MACAddress, to now: Date) -> [JobFact] {
    guard var job = live[mac] else { return [] }
    let step = job.pass(to: now, settings)
    return keep(job, after: step, at: now, progress: .leaseEnded)
  }

  private mutating func keep(
    _ job: ReimageJob, after step: ReimageJob.Step, at now: Date, progress: JobFact.Kind
  ) -> [JobFact] {
    live[job.mac] = job.isLive ? job : nil
    let happened = job.state.endedAt ?? now
    return switch step {
    case .unchanged: []
    case .leased, .renewed: [JobFact(kind: progress, job: job, at: now)]
    case .leaseEnded:
      [JobFact(kind: .leaseEnded, job: job, at: job.latestLease?.until ?? now)]
    case .installed: [JobFact(kind: .installed, job: job, at: happened)]
    case .expired: [JobFact(kind: .expired, job: job, at: happened)]
    }
  }

  private mutating func end(
    _ job: ReimageJob, _ state: ReimageJob.State, _ kind: JobFact.Kind, at now: Date
  ) -> [JobFact] {
    var job = job
    job.state = state
    live[job.mac] = nil
    return [JobFact(kind: kind, job: job, at: now)]
  }
}

extension ReimageJob.State {
  package var endedAt: Date? {
    switch self {
    case .waiting, .leased: nil
    case .installed(let at), .expired(let at), .cancelled(let at), .superseded(_, let at): at
    }
  }
}
