/// Inventory: a job as it is written to disk; a format of its own, so that types may be renamed.

import Foundation
import Wire

/// Unknown keys are ignored and times are seconds since 1970.
struct JobRecord: Codable, Equatable {
  struct Claim: Codable, Equatable {
    var client: String
    var at: Double
    var fetched: [String]
  }

  struct Lease: Codable, Equatable {
    var since: Double
    var until: Double
    var claims: [Claim]
  }

  var id: Int
  var mac: String
  var obm: String
  var location: String
  var kernelOptions: String
  var parameters: [String: String]
  var createdAt: Double
  /// waiting, leased, installed, expired, cancelled, superseded
  var state: String
  var lease: Lease?
  var endedAt: Double?
  var supersededBy: Int?
  /// pending, succeeded, failed
  var power: String
  var powerText: String?
}

extension JobRecord {
  init(_ job: ReimageJob) {
    self.init(
      id: job.id, mac: job.mac.description, obm: job.obm, location: job.location,
      kernelOptions: job.kernelOptions, parameters: job.parameters,
      createdAt: job.createdAt.timeIntervalSince1970, state: "", lease: nil, endedAt: nil,
      supersededBy: nil, power: "", powerText: nil)
    switch job.state {
    case .waiting(let former): (state, lease) = ("waiting", former.map(Lease.init))
    case .leased(let lease): (state, self.lease) = ("leased", Lease(lease))
    case .installed: state = "installed"
    case .expired: state = "expired"
    case .cancelled: state = "cancelled"
    case .superseded(let by, _): (state, supersededBy) = ("superseded", by)
    }
    endedAt = job.state.endedAt?.timeIntervalSince1970
    switch job.power {
    case .pending: power = "pending"
    case .succeeded(let text): (power, powerText) = ("succeeded", text)
    case .failed(let text): (power, powerText) = ("failed", text)
    }
  }

  /// nil for a record that this version can't understand.
  var job: ReimageJob? {
    guard let mac = MACAddress(mac), let state = jobState, let report = powerReport else {
      return nil
    }
    return ReimageJob(
      id: id,
      request: ReimageRequest(
        mac: mac, obm: obm, location: location, kernelOptions: kernelOptions,
        parameters: parameters),
      createdAt: Date(timeIntervalSince1970: createdAt), state: state, power: report)
  }

  private var jobState: ReimageJob.State? {
    let ended = endedAt.map { Date(timeIntervalSince1970: $0) }
    return switch state {
    case "waiting": .waiting(after: lease?.lease)
    case "leased": lease?.lease.map { .leased($0) }
    case "installed": ended.map { .installed(at: $0) }
    case "expired": ended.map { .expired(at: $0) }
    case "cancelled": ended.map { .cancelled(at: $0) }
    case "superseded": ended.flatMap { at in supersededBy.map { .superseded(by: $0, at: at) } }
    default: nil
    }
  }

  private var powerReport: PowerReport? {
    switch power {
    case "pending": .pending
    case "succeeded": .succeeded(powerText ?? "")
    case "failed": .failed(powerText ?? "")
    default: nil
    }
  }
}

extension JobRecord.Lease {
  fileprivate init(_ lease: ReimageJob.Lease) {
    self.init(
      since: lease.since.timeIntervalSince1970, until: lease.until.timeIntervalSince1970,
      claims: lease.claims.map { claim in
        JobRecord.Claim(
          client: claim.client.description, at: claim.at.timeIntervalSince1970,
          fetched: claim.fetched.map(\.rawValue).sorted())
      })
  }

  /// nil when a claim in it can't be understood.
  fileprivate var lease: ReimageJob.Lease? {
    let known = claims.compactMap { claim in
      IPAddress(claim.client).map { client in
        ReimageJob.Claim(
          client: client, at: Date(timeIntervalSince1970: claim.at),
          fetched: Set(claim.fetched.compactMap(InstallFile.init(rawValue:))))
      }
    }
    guard known.count == claims.count else { return nil }
    return ReimageJob.Lease(
      since: Date(timeIntervalSince1970: since), until: Date(timeIntervalSince1970: until),
      claims: known)
  }
}
