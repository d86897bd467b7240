/// Appliance: the HTTP part of a boot's story.

import HTTPBoot
import Inventory
import Wire

extension Storyteller {
  func tell(_ event: ImageEvent) {
    switch event {
    case .started(let transfer):
      tell(
        .imageStarted, address: transfer.client,
        "Fetches \(transfer.title) (\(Amount.bytes(transfer.range.count))).", transfer.details)
    case .delivered(let transfer, let duration):
      tell(
        .imageFinished, address: transfer.client,
        "Has \(transfer.title) whole: \(Amount.bytes(transfer.range.count)) in "
          + "\(Amount.seconds(duration)), \(Amount.rate(transfer.range.count, in: duration)).",
        transfer.details)
    case .broken(let transfer, let reason):
      tell(
        .imageFailed, address: transfer.client, "Did not get \(transfer.title) whole: \(reason).",
        transfer.details)
    case .missing(let path, let client):
      tell(
        .imageFailed, address: client, "Asked for images/\(path), which is not there.",
        ["path": path])
    }
  }

  func tell(_ script: IPXEScript, to request: ScriptRequest) {
    switch script {
    case .install(let plan):
      tell(
        .scriptInstall, mac: request.mac, address: request.client,
        "Got its script: install from \(plan.location).", ["location": plan.location])
    case .localDisk:
      tell(
        .scriptDisk, mac: request.mac, address: request.client,
        "Got its script: boot the local disk.")
    case .stored:
      tell(
        .scriptStored, mac: request.mac, address: request.client,
        "Got its script: the stored one of its record.")
    case .register:
      tell(
        .scriptRegister, mac: request.mac, address: request.client,
        "Got its script: register, then boot the local disk.")
    case .chain:
      tell(.scriptChain, mac: request.mac, address: request.client, "Got the chain script.")
    }
  }
}

extension ImageTransfer {
  fileprivate var title: String {
    isWhole ? path : "\(path) (bytes \(range.lowerBound) to \(range.upperBound - 1))"
  }

  fileprivate var details: [String: String] {
    ["path": path, "bytes": String(range.count), "size": String(size)]
  }
}
