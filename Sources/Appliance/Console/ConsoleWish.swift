/// Appliance: whose console is recorded: those of machines for which somebody asked for it.

import Foundation
import IPMI
import Inventory
import Jinja
import Power
import Wire

/// `record_console`, first of the reimage request, then of the machine's record (or of a group), then
/// the setting `reimage.record-console`.
struct ConsoleWish: Sendable {
  static let parameter = "record_console"

  var recorder: ConsoleRecorder
  var catalogue: Catalogue
  var power: PowerControl
  var story: Storyteller
  var isDefault: Bool

  /// nil: its console is not wanted, or there is no BMC to ask.
  func request(for job: ReimageJob) -> ConsoleRecorder.Request? {
    let own = job.parameters[Self.parameter].flatMap(Self.flag)
    guard own ?? isWanted(catalogue.snapshot.host(mac: job.mac)?.id),
      let bmc = power.bmc(at: job.obm)
    else { return nil }
    return ConsoleRecorder.Request(mac: job.mac, address: bmc.address, login: bmc.login)
  }

  /// A host that is switched on or reset, to be installed by its own templates: the group `installed`
  /// is its last word. Only a machine with a MAC address in its record has a story.
  func request(forHost name: String) -> ConsoleRecorder.Request? {
    guard let host = catalogue.snapshot.host(name), let mac = host.macs.first,
      !Self.isInstalled(host.id, catalogue), isWanted(host.id),
      let parameters = try? catalogue.parameters(of: host.id, .real),
      let bmc = try? HostPowerSettings(host: host.id, parameters: { parameters[$0]?.plainText })
        .bmc()
    else { return nil }
    story.tell(.powerAsked, mac: mac, "The host \(host.id) is to start from the network.")
    return ConsoleRecorder.Request(
      mac: mac, address: bmc.address, login: { bmc.login },
      isDone: { [catalogue] in Self.isInstalled(host.id, catalogue) })
  }

  private func isWanted(_ host: String?) -> Bool {
    guard let host, let parameters = try? catalogue.parameters(of: host, .real) else {
      return isDefault
    }
    return parameters[Self.parameter].flatMap { Self.flag($0.plainText) } ?? isDefault
  }

  private static func isInstalled(_ host: String, _ catalogue: Catalogue) -> Bool {
    catalogue.snapshot.host(host)?.isInstalled == true
  }

  static func flag(_ text: String) -> Bool? {
    switch text {
    case "1": true
    case "0": false
    default: SettingKind.flag(text)
    }
  }
}
