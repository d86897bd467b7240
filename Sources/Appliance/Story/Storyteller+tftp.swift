/// Appliance: the TFTP part of a boot's story.

import Foundation
import Inventory
import TFTP
import Wire

extension Storyteller {
  func tell(_ event: TFTPEvent) {
    switch event.kind {
    case .requested:
      // The start, the refusal or the probe says it.
      counts.tftpRequests.add()
    case .started:
      count(BootEventKind.tftpRequested.rawValue)
      hand(event, atLeast: .underWay)
    case .finished:
      count(BootEventKind.tftpFinished.rawValue)
      fetched(event)
      hand(event, atLeast: .underWay)
    case .probed:
      count(BootEventKind.tftpProbe.rawValue)
      fetched(event)
      hand(event, atLeast: .underWay)
    case .failed(_, let totals):
      counts.tftpFailed.add()
      hand(event, atLeast: totals.blocks > 0 ? .underWay : .stranger)
    case .refused:
      // One datagram, whose source anybody may invent.
      counts.tftpFailed.add()
      hand(event, atLeast: .stranger)
    case .ignored, .stranger:
      counts.tftpOther.add()
    }
  }

  private func fetched(_ event: TFTPEvent) {
    if let mac = machine(event.client.address) { noteUnderWay(mac) }
  }

  private func hand(_ event: TFTPEvent, atLeast standing: Standing) {
    let address = event.client.address
    let admitted = journal.admits(of: nil, at: address) {
      max(standing, machine(address).map { self.standing(of: $0, nil) } ?? .stranger)
    }
    if admitted { journal.take(TFTPFact(event: event, at: Date())) }
  }
}
