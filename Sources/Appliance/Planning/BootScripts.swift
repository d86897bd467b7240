/// Appliance: what a machine that asks over HTTP is told to run, and what it has of it.

import Foundation
import HTTPBoot
import Images
import Inventory
import Jinja
import TFTP
import Wire

/// A reimage job decides first, then the machine's own record, then the policy for unknown machines.
/// A job that waits is claimed, and ends once kernel and initrd have arrived whole.
struct BootScripts: Sendable {
  var jobs: JobLedger
  var catalogue: Catalogue
  var identities: MachineIdentities
  var unknown: Settings.UnknownPolicy
  var story: Storyteller

  /// Throws where a claim can't be stored: a machine must not install what nobody would remember.
  func script(for request: ScriptRequest) async throws -> IPXEScript {
    let job = try await jobs.claim(request.mac, by: request.client ?? .any, at: Date())
    let script =
      try job.map {
        IPXEScript.install(
          InstallPlan(
            root: request.root, location: $0.location, kernelOptions: $0.kernelOptions))
      } ?? scriptWithoutJob(for: request)
    story.tell(script, to: request)
    return script
  }

  /// The script of a machine that goes to its disk.
  func scriptToDisk(for request: ScriptRequest) -> IPXEScript {
    story.tell(.localDisk, to: request)
    return .localDisk
  }

  /// Whether there is nothing to run but what the disk has. Answers at once: claims nothing, renders
  /// nothing.
  func goesToDisk(_ mac: MACAddress) -> Bool {
    guard !jobs.hasLiveJob(of: mac) else { return false }
    guard let host = catalogue.snapshot.hostID(of: mac, identities.uuid(of: mac)) else {
      return unknown != .register
    }
    guard let parameters = try? catalogue.parameters(of: host, .real) else { return false }
    return parameters["ipxe_script"] == nil
  }

  private func scriptWithoutJob(for request: ScriptRequest) throws -> IPXEScript {
    let uuid = identities.uuid(of: request.mac)
    if let host = catalogue.snapshot.hostID(of: request.mac, uuid) {
      return try stored(for: host) ?? .localDisk
    }
    guard unknown == .register else { return .localDisk }
    // An operator's own registration script, where there is one, is rendered for the new machine.
    guard let uuid, catalogue.snapshot.host(SpecialHost.register) != nil else {
      return .register(root: request.root)
    }
    return try stored(for: uuid.description) ?? .register(root: request.root)
  }

  /// nil where the host's parameters name no script: it goes to its disk.
  private func stored(for id: String) throws -> IPXEScript? {
    do throws(CatalogueError) {
      return .stored(try catalogue.render(templateIn: "ipxe_script", of: id))
    } catch {
      if case .parameterMissing = error { return nil }
      throw HostBooting.refusal(error)
    }
  }

  func note(_ event: ImageEvent) async {
    story.tell(event)
    guard case .delivered(let transfer, _) = event, transfer.isWhole, let client = transfer.client
    else { return }
    await fetched(transfer.path, by: client)
  }

  /// A GRUB without HTTP fetches images by TFTP.
  func note(_ event: TFTPEvent) async {
    guard case .finished(let totals) = event.kind, totals.lastAcknowledgment,
      event.file.hasPrefix("images/")
    else { return }
    await fetched(String(event.file.dropFirst("images/".count)), by: event.client.address)
  }

  /// `path` is below the images directory.
  private func fetched(_ path: String, by client: IPAddress) async {
    let parts = path.split(separator: "/")
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

extension CatalogueSnapshot {
  /// The id of the host with this MAC address, else of the one with the UUID that came with it.
  func hostID(of mac: MACAddress, _ uuid: SystemUUID?) -> String? {
    host(mac: mac)?.id ?? uuid.flatMap { host($0.description)?.id }
  }
}
