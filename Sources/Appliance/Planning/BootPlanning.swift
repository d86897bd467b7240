/// Appliance: what a machine that asks by DHCP is told to fetch.

import DHCPProxy
import HTTPBoot
import Wire

/// The boot planner: asked on the event loop, answers from memory.
struct BootPlanning: Sendable {
  var httpPort: Int
  var unknown: Settings.UnknownPolicy
  var loaders = LoaderRules.standard
  /// Signed programs whose second stage can't go on over HTTP.
  var tftpOnly: Set<LoaderName> = []
  /// Whether an operator's files are served by TFTP.
  var hasFilesOfItsOwn = false
  /// The parameter `loader` of the machine's record, which wins over all rules.
  var ownLoader: @Sendable (MACAddress, SystemUUID?) -> String? = { _, _ in nil }
  /// Whether a reimage waits for the machine, or it has a record of its own.
  var isKnown: @Sendable (MACAddress, SystemUUID?) -> Bool

  func plan(for client: BootClient, _ arrival: Arrival) -> BootPlan {
    plan(for: client, root: ServerRoot(address: .v4(arrival.local), port: httpPort).url)
  }

  /// `root`: under which the machine reaches our HTTP server.
  func plan(for client: BootClient, root: String) -> BootPlan {
    if unknown == .silent, !isKnown(client.mac, client.uuid) {
      return .silence(
        reason: "it has no job and no record, and the configuration says «unknown: silent»")
    }
    if client.program == .ipxe(speaksHTTP: true) {
      return .script(url: "\(root)/pxe/\(client.mac.plain)")
    }
    if client.family == .raspberryPi {
      return hasFilesOfItsOwn
        ? .raspberryPi
        : .silence(
          reason: "a Raspberry Pi fetches its own firmware's files by TFTP, and the configuration "
            + "names no «tftp.directory» where they could be")
    }
    let file: LoaderName
    switch loader(for: client) {
    case .success(let found): file = found
    case .failure(let silence): return .silence(reason: silence.reason)
    }
    guard client.program == .http else { return .loader(file: file.text) }
    guard let platform = client.architecture.platformName, client.architecture.platform != .bios
    else {
      return .silence(reason: "HTTP Boot of \(client.architecture) is nothing that exists")
    }
    guard file.suitsHTTPBoot else {
      return .silence(
        reason: "its boot program \(file) is not for HTTP Boot: that takes .efi, .iso and .img")
    }
    guard !tftpOnly.contains(file) else {
      return .silence(
        reason: "the GRUB that \(file) loads has no HTTP; its firmware's PXE entry works")
    }
    // Below /boot stands the platform, so that the path says what the file is for.
    let path = file.text.split(separator: "/").map { URLPath.encoded($0) }.joined(separator: "/")
    return .httpLoader(url: "\(root)/boot/\(platform)/\(path)")
  }

  private struct Silence: Error {
    var reason: String
  }

  private func loader(for client: BootClient) -> Result<LoaderName, Silence> {
    if let own = ownLoader(client.mac, client.uuid) {
      do throws(LoaderName.Mistake) {
        return .success(try LoaderName(own))
      } catch {
        return .failure(
          Silence(
            reason: "the parameter loader of its record, «\(own)», is not the name of a boot "
              + "program: \(error.reason)"))
      }
    }
    guard let file = loaders.file(for: client) else {
      return .failure(Silence(reason: "there is no boot program for \(client.architecture)"))
    }
    return .success(file)
  }
}
