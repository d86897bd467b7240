/// Appliance: what a machine that asks by DHCP is told to fetch.

import DHCPProxy
import HTTPBoot
import Wire

/// The boot planner: asked on the event loop, answers from memory.
struct BootPlanning: Sendable {
  var httpPort: Int
  var unknown: Settings.UnknownPolicy
  /// Whether a reimage waits for the machine, or it has a record of its own.
  var isKnown: @Sendable (MACAddress, SystemUUID?) -> Bool

  func plan(for client: BootClient, _ arrival: Arrival) -> BootPlan {
    if unknown == .silent, !isKnown(client.mac, client.uuid) {
      return .silence(
        reason: "it has no job and no record, and the configuration says «unknown: silent»")
    }
    if client.family == .raspberryPi { return .raspberryPi }
    let root = ServerRoot(address: .v4(arrival.local), port: httpPort).url
    if client.program == .ipxe(speaksHTTP: true) {
      return .script(url: "\(root)/pxe/\(client.mac.plain)")
    }
    guard let loader = BootLoaders.name(for: client.architecture) else {
      return .silence(reason: "there is no boot program for \(client.architecture)")
    }
    guard client.program == .http else { return .loader(file: loader) }
    guard client.architecture.platform == .uefiX64 else {
      return .silence(reason: "HTTP Boot of \(client.architecture) is nothing that exists")
    }
    // Below /boot stands the platform, so that the path says what the file is for.
    return .httpLoader(url: "\(root)/boot/x64/\(loader)")
  }
}
