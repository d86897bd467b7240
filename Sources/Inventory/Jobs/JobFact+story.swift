/// Inventory: how a fact about a job reads in the story of a boot.

import Foundation
import Wire

extension JobFact {
  /// The note for the journal; nil for what other rooms tell already.
  var observation: BootObservation? {
    let (eventKind, text): (BootEventKind, String)
    switch kind {
    case .created:
      (eventKind, text) = (.jobCreated, "A reimage from \(job.location) was asked for.")
    case .superseded:
      (eventKind, text) = (.jobSuperseded, "A later request took the place of the reimage.")
    case .claimed(let client, again: true):
      (eventKind, text) = (
        .jobClaimed, "\(client) asked again before it had all images: the same job goes on."
      )
    case .claimed, .fetched:
      return nil
    case .leaseEnded:
      (eventKind, text) = (
        .jobLeaseEnded, "The images were not fetched in time; the reimage waits for the next boot."
      )
    case .installed:
      (eventKind, text) = (
        .jobInstalled, "Kernel and initrd arrived whole; the next boot goes to the local disk."
      )
    case .expired:
      (eventKind, text) = (
        .jobExpired, "The machine did not install within the time limit; the reimage is over."
      )
    case .cancelled:
      (eventKind, text) = (.jobCancelled, "The reimage was cancelled.")
    case .power(.pending):
      return nil
    case .power(.succeeded(let answer)):
      (eventKind, text) = (.powerSucceeded, "The BMC at \(job.obm) answered: \(answer)")
    case .power(.failed(let reason)):
      (eventKind, text) = (.powerFailed, "The BMC at \(job.obm) failed: \(reason)")
    }
    return BootObservation(
      eventKind, mac: job.mac, address: client, at: at, text: text, details: ["job": "\(job.id)"])
  }

  private var client: IPAddress? {
    if case .claimed(let client, _) = kind { client } else { nil }
  }
}
