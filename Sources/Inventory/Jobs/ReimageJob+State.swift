/// Inventory: how far a reimage job is; each state carries only what is true then.

package import Foundation
package import Wire

/// The two files of `images/<location>/` without which no installer runs.
package enum InstallFile: String, Hashable, Sendable, CaseIterable {
  case kernel
  case initrd
}

extension ReimageJob {
  package enum State: Hashable, Sendable {
    /// For the machine to ask. `after` is the lease that ran out, if there was one: a slow download
    /// may still end, and then it counts.
    case waiting(after: Lease?)
    /// The machine has the install script.
    case leased(Lease)
    /// The machine has kernel and initrd whole; from here on it gets its local disk.
    case installed(at: Date)
    /// The machine did not begin to install within the time limit.
    case expired(at: Date)
    case cancelled(at: Date)
    /// A later request for the same machine took its place.
    case superseded(by: Int, at: Date)
  }

  /// The time in which a machine that has the install script is expected to fetch the images.
  package struct Lease: Hashable, Sendable {
    /// The first time that the script was given out under this lease.
    package internal(set) var since: Date
    package internal(set) var until: Date
    /// Who has asked, the latest last. Kept apart by address, so that a person who looks at the
    /// script with a browser takes nothing from the machine.
    package internal(set) var claims: [Claim]

    /// The latest to ask.
    package var client: IPAddress? { claims.last?.client }

    /// What the latest to ask has whole.
    package var fetched: Set<InstallFile> { claims.last?.fetched ?? [] }
  }

  package struct Claim: Hashable, Sendable {
    package let client: IPAddress
    package internal(set) var at: Date
    /// The files that this client has whole. A second request for the script does not empty it: the
    /// files come in one order, so the last one never arrives without the others in the same boot.
    package internal(set) var fetched: Set<InstallFile>
  }
}
