/// Appliance: the TFTP part of a boot's story.

import Inventory
import TFTP
import Wire

extension Storyteller {
  func tell(_ event: TFTPEvent) {
    let address = event.client.address
    let details = ["file": event.file]
    switch event.kind {
    case .requested:
      // The start, the refusal or the probe says it.
      count("tftp-requests")
    case .started(let terms):
      tell(
        .tftpRequested, address: address, "Asked for \(event.file) by TFTP (\(terms.story)).",
        details)
    case .finished(let totals):
      let again =
        totals.retransmissions == 0 ? "" : ", \(totals.retransmissions) packets sent again"
      tell(
        .tftpFinished, address: address,
        "Has \(event.file) whole: \(Amount.bytes(totals.bytes)) in "
          + "\(Amount.seconds(totals.duration))\(again).",
        details.merging(["bytes": String(totals.bytes)]) { $1 })
    case .probed:
      tell(
        .tftpProbe, address: address,
        "Ended the transfer of \(event.file) on purpose: it wanted to know the size.", details)
    case .failed(let failure, let totals):
      tell(
        .tftpFailed, address: address,
        "Lost \(event.file) after \(Amount.bytes(totals.bytes)): \(failure).", details)
    case .refused(let refusal):
      tell(
        .tftpFailed, address: address,
        "Asked for \(event.file) by TFTP and was refused: \(refusal).",
        details)
    case .ignored, .stranger:
      count("tftp-other")
    }
  }
}

extension TFTPTerms {
  fileprivate var story: String {
    let window = windowSize == 1 ? "one at a time" : "\(windowSize) at a time"
    return "blocks of \(blockSize) bytes, \(window)"
  }
}
