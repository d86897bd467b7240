/// Appliance: what is kept of a TFTP transfer's step until its sentence is made.

import Foundation
import Inventory
import TFTP
import Wire

struct TFTPFact: BootFact {
  var event: TFTPEvent
  var at: Date

  var observations: [BootObservation] {
    let details = ["file": event.file]
    switch event.kind {
    case .started(let terms):
      return [
        observation(
          .tftpRequested, "Asked for \(event.file) by TFTP (\(terms.story)).", details)
      ]
    case .finished(let totals):
      let again =
        totals.retransmissions == 0 ? "" : ", \(totals.retransmissions) packets sent again"
      return [
        observation(
          .tftpFinished,
          "Has \(event.file) whole: \(Amount.bytes(totals.bytes)) in "
            + "\(Amount.seconds(totals.duration))\(again).",
          details.merging(["bytes": String(totals.bytes)]) { $1 })
      ]
    case .probed:
      return [
        observation(
          .tftpProbe, "Ended the transfer of \(event.file) on purpose: it wanted to know the size.",
          details)
      ]
    case .failed(let failure, let totals):
      return [
        observation(
          .tftpFailed, "Lost \(event.file) after \(Amount.bytes(totals.bytes)): \(failure).",
          details)
      ]
    case .refused(let refusal):
      return [
        observation(
          .tftpFailed, "Asked for \(event.file) by TFTP and was refused: \(refusal).", details)
      ]
    case .requested, .ignored, .stranger: return []
    }
  }

  private func observation(
    _ kind: BootEventKind, _ text: String, _ details: [String: String]
  ) -> BootObservation {
    BootObservation(
      kind, address: event.client.address, at: at, text: text, details: details)
  }
}

extension TFTPTerms {
  fileprivate var story: String {
    let window = windowSize == 1 ? "one at a time" : "\(windowSize) at a time"
    return "blocks of \(blockSize) bytes, \(window)"
  }
}
