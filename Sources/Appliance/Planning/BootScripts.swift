/// Appliance: what a machine that asks over HTTP is told to run, and what it has of it.

import Foundation
import HTTPBoot
import Images
import Inventory
import Wire

/// Jobs decide: the one that waits is claimed, and ends once kernel and initrd have arrived whole.
struct BootScripts: Sendable {
  var jobs: JobLedger
  var story: Storyteller

  /// Throws where a claim can't be stored: a machine must not install what nobody would remember.
  func script(for request: ScriptRequest) async throws -> IPXEScript {
    let job = try await jobs.claim(request.mac, by: request.client ?? .any, at: Date())
    let script =
      job.map {
        IPXEScript.install(
          InstallPlan(
            root: request.root, location: $0.location, kernelOptions: $0.kernelOptions))
      } ?? .localDisk
    story.tell(script, to: request)
    return script
  }

  func note(_ event: ImageEvent) async {
    story.tell(event)
    guard case .delivered(let transfer, _) = event, transfer.isWhole, let client = transfer.client
    else { return }
    let parts = transfer.path.split(separator: "/")
    let file: InstallFile
    switch parts.last.map(String.init) {
    case ImageLibrary.kernel: file = .kernel
    case ImageLibrary.initrd: file = .initrd
    default: return
    }
    let location = parts.dropLast().joined(separator: "/")
    await jobs.fetched(file, of: location, by: client, at: Date())
  }
}
