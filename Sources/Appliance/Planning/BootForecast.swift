/// Appliance: what machines would be told now, for those who only look.

package import DHCPProxy
import Datagram
import Inventory

/// Today's configuration and a copy of today's state: plans as `fino serve` would make them, with no
/// port bound and nothing written.
package struct BootForecast: Sendable {
  package let plan: BootPlanner
  package let rules: BootRules
  /// The first one that would be served, for rules that name one.
  package let interface: String?
  private let inventory: Inventory
  private let copy: StateCopy

  package init(_ settings: Settings) throws {
    let signed = settings.secureBoot ? try SecureBootFiles() : nil
    let loaders = try LoaderRules(settings.loaders, signed: signed?.programs ?? [])
    copy = try StateCopy(of: settings.state)
    do throws(InventoryError) {
      inventory = try Inventory.open(state: copy.directory)
    } catch {
      copy.remove()
      throw error
    }
    rules = settings.dhcp.rules
    let served = try? ServedInterfaces.choose(settings.interfaces, from: NetworkInterface.all())
    interface = settings.interfaces.first ?? served?.first?.name
    let planning = BootPlanning(
      settings: settings, loaders: loaders, signed: signed, inventory: inventory)
    plan = { planning.plan(for: $0, $1) }
  }

  /// Where there is no time to close it.
  package func discard() { copy.remove() }

  /// The last thing to do.
  package func close() async {
    await inventory.close()
    copy.remove()
  }
}

extension BootPlanning {
  /// As the configuration and the state have it.
  init(
    settings: Settings, loaders: LoaderRules, signed: SecureBootFiles?, inventory: Inventory
  ) {
    self.init(
      httpPort: settings.httpPort, unknown: settings.unknown, loaders: loaders,
      tftpOnly: signed?.tftpOnly ?? [], hasFilesOfItsOwn: settings.tftpDirectory != nil,
      // A flood asks for machines that nobody knows: of them no text is made.
      ownLoader: { mac, uuid in
        inventory.knows(mac, uuid) ? inventory.catalogue.loader(of: mac, uuid) : nil
      },
      isKnown: inventory.knows(_:_:))
  }
}
