/// HTTPBoot: a machine's script, asked for by name.

import Foundation
import Hummingbird
import Wire

/// What stands behind `/pxe/`: a MAC address in any spelling, or `chain.pxe`.
struct MachineScripts: Sendable {
  private let source: BootSource

  init(_ source: BootSource) {
    self.source = source
  }

  /// nil for HEAD: to know the script is to claim the machine's job.
  func text(
    named name: String, isHead: Bool, client: IPAddress?, root: String
  ) async throws(BootRefusal) -> String? {
    let name = Self.plain(name)
    if name == Self.chain { return IPXEScript.chain(root: root).text }
    guard let mac = MACAddress(name), mac.isUnicast else {
      throw BootRefusal(.badRequest, "«\(name)» is not a MAC address (12 hexadecimal digits)")
    }
    if isHead { return nil }
    return try await decision(for: mac, client: client, root: root).text
  }

  /// The text where the machine's decision is at hand; nil where it has to be asked for, or where the
  /// request is not that of a machine for its script.
  func textAtOnce(named name: String, client: IPAddress?, root: String) -> String? {
    guard let mac = MACAddress(Self.plain(name)), mac.isUnicast else { return nil }
    return source.scriptAtOnce(ScriptRequest(mac: mac, client: client, root: root))?.text
  }

  private static let chain = "chain.pxe"

  private static func plain(_ name: String) -> String {
    name.contains("%") ? name.removingPercentEncoding ?? name : name
  }

  func decision(
    for mac: MACAddress, client: IPAddress?, root: String
  ) async throws(BootRefusal) -> IPXEScript {
    do {
      return try await source.script(ScriptRequest(mac: mac, client: client, root: root))
    } catch {
      // The state could not be written: the machine is told to wait, not to boot the wrong thing.
      throw BootRefusal(.serviceUnavailable, String(describing: error), retryAfter: 5)
    }
  }
}
