/// ControlAPI: a job as JSON.

package import Inventory
import Wire

package struct JobRepresentation: Codable, Equatable, Sendable {
  package var id: Int
  package var mac: String
  package var obm: String
  package var location: String
  package var kernelOptions: String
  package var parameters: [String: String]
  /// `waiting`, `leased`, `installed`, `expired`, `cancelled` or `superseded`.
  package var state: String
  package var createdAt: String
  /// While it is leased: until when.
  package var leasedUntil: String?
  /// While it is leased: what the machine has whole, of `kernel` and `initrd`.
  package var fetched: [String]?
  package var endedAt: String?
  package var power: Power

  package struct Power: Codable, Equatable, Sendable {
    /// `pending`, `succeeded` or `failed`.
    package var state: String
    package var text: String?
  }

  enum CodingKeys: String, CodingKey {
    case id, mac, obm, location, parameters, state, fetched, power
    case kernelOptions = "kernel_opts"
    case createdAt = "created_at"
    case leasedUntil = "leased_until"
    case endedAt = "ended_at"
  }

  package init(_ job: ReimageJob) {
    id = job.id
    mac = job.mac.description
    obm = job.obm
    location = job.location
    kernelOptions = job.kernelOptions
    parameters = job.parameters
    createdAt = Timestamp.text(job.createdAt)
    endedAt = job.state.endedAt.map(Timestamp.text)
    switch job.state {
    case .waiting: state = "waiting"
    case .leased(let lease):
      state = "leased"
      leasedUntil = Timestamp.text(lease.until)
      fetched = InstallFile.allCases.filter(lease.fetched.contains).map(\.rawValue)
    case .installed: state = "installed"
    case .expired: state = "expired"
    case .cancelled: state = "cancelled"
    case .superseded: state = "superseded"
    }
    switch job.power {
    case .pending: power = Power(state: "pending")
    case .succeeded(let text): power = Power(state: "succeeded", text: text)
    case .failed(let text): power = Power(state: "failed", text: text)
    }
  }
}

package struct JobList: Codable, Equatable, Sendable {
  package var jobs: [JobRepresentation]
}

/// The answer to a reimage request.
package struct ReimageAnswer: Codable, Equatable, Sendable {
  package var job: JobRepresentation
  /// Set when the BMC did not do its part: the reason.
  package var error: String?
}

/// Any other failure.
package struct ErrorAnswer: Codable, Equatable, Sendable {
  package var error: String
}
