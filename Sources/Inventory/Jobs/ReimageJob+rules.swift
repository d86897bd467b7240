/// Inventory: the rules of one job's life: claimed, fetched, out of lease, out of time.

import Foundation
import Wire

extension ReimageJob {
  /// What an input did to a job.
  enum Step: Equatable {
    case unchanged
    /// The script was given out, for the first time or after a lease ran out.
    case leased
    /// The same lease, longer: the machine asked again or made progress.
    case renewed
    /// The lease ran out; the job waits again.
    case leaseEnded
    case installed
    case expired
  }

  func deadline(_ settings: InventorySettings) -> Date {
    createdAt.addingTimeInterval(settings.timeLimit.timeInterval)
  }

  /// What the passing of time alone does. Says when it happened, not when it was noticed.
  mutating func pass(to now: Date, _ settings: InventorySettings) -> Step {
    let deadline = deadline(settings)
    switch state {
    case .waiting where now >= deadline:
      state = .expired(at: deadline)
      return .expired
    case .leased(let lease) where now >= lease.until && now >= deadline:
      // A download that runs when the time limit passes may end.
      state = .expired(at: max(deadline, lease.until))
      return .expired
    case .leased(let lease) where now >= lease.until:
      state = .waiting(after: lease)
      return .leaseEnded
    default:
      return .unchanged
    }
  }

  /// The machine asks for its script. `.leased` and `.renewed` mean: it gets the job's.
  mutating func claim(
    by client: IPAddress, at now: Date, _ settings: InventorySettings
  ) -> Step {
    guard isLive else { return .unchanged }
    if now >= deadline(settings) {
      state = .expired(at: now)
      return .expired
    }
    let until = now.addingTimeInterval(settings.lease.timeInterval)
    switch state {
    case .waiting(let former):
      var lease = Lease(since: now, until: until, claims: former?.claims ?? [])
      lease.note(client, at: now)
      state = .leased(lease)
      return .leased
    case .leased(var lease):
      lease.until = max(lease.until, until)
      lease.note(client, at: now)
      state = .leased(lease)
      return .renewed
    case .installed, .expired, .cancelled, .superseded:
      return .unchanged
    }
  }

  /// The whole of `file` reached `client`. Counts under a lease, and after it until the time limit:
  /// a machine that has both files is about to install, however slowly they came.
  mutating func fetched(
    _ file: InstallFile, by client: IPAddress, at now: Date, _ settings: InventorySettings
  ) -> Step {
    guard var lease = latestLease, now < max(lease.until, deadline(settings)),
      let index = lease.claims.lastIndex(where: { $0.client == client })
    else { return .unchanged }
    lease.claims[index].fetched.insert(file)
    if lease.claims[index].fetched == Set(InstallFile.allCases) {
      state = .installed(at: now)
      return .installed
    }
    lease.until = max(lease.until, now.addingTimeInterval(settings.lease.timeInterval))
    state = .leased(lease)
    return .renewed
  }

  /// The lease that runs, or the one that ran out last.
  var latestLease: Lease? {
    switch state {
    case .leased(let lease): lease
    case .waiting(let lease): lease
    case .installed, .expired, .cancelled, .superseded: nil
    }
  }
}

extension ReimageJob.Lease {
  /// More addresses than a machine and a few curious people have; the oldest goes first.
  private static let claimsKept = 8

  fileprivate mutating func note(_ client: IPAddress, at now: Date) {
    let fetched = claims.last { $0.client == client }?.fetched ?? []
    claims.removeAll { $0.client == client }
    claims.append(ReimageJob.Claim(client: client, at: now, fetched: fetched))
    claims.removeFirst(max(0, claims.count - Self.claimsKept))
  }
}

extension Duration {
  var timeInterval: TimeInterval {
    TimeInterval(components.seconds) + TimeInterval(components.attoseconds) * 1e-18
  }
}
