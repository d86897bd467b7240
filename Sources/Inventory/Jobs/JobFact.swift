/// Inventory: something that became true of a job; it is written down and told.

import Foundation
import Wire

struct JobFact: Equatable, Sendable {
  enum Kind: Equatable, Sendable {
    case created
    case superseded
    /// The install script was given out; `again` when the machine had it already.
    case claimed(by: IPAddress, again: Bool)
    case fetched(InstallFile, by: IPAddress)
    case leaseEnded
    case installed
    case expired
    case cancelled
    case power(PowerReport)
  }

  var kind: Kind
  /// The job as it is from then on.
  var job: ReimageJob
  var at: Date
}
