/// Inventory: all records at one moment, with their indexes.

private import Jinja
package import Wire

/// A value: who holds one sees no change.
package struct CatalogueSnapshot: Sendable {
  package private(set) var revision = 0
  package private(set) var hosts = SortedRecords<Host>()
  package private(set) var groups = SortedRecords<Group>()
  package private(set) var templates = SortedRecords<Template>()
  /// Records in the store that can't be understood, with the reason.
  package private(set) var damaged: [String: String] = [:]
  private var byMAC = HostIndex<MACAddress>()
  private var byUUID = HostIndex<SystemUUID>()

  package init() {}

  /// By id, by UUID in any spelling, or by a MAC address in any spelling.
  package func host(_ name: String) -> Host? {
    if let host = hosts[name] { return host }
    if let uuid = SystemUUID(name), let id = byUUID[uuid] { return hosts[id] }
    return MACAddress(name).flatMap { host(mac: $0) }
  }

  package func host(mac: MACAddress) -> Host? {
    byMAC[mac].flatMap { hosts[$0] }
  }

  package func hosts(matching filter: HostFilter) -> [String] {
    if filter.conditions.isEmpty { return hosts.names }
    return hosts.names { filter.matches($0.parameters) }
  }

  mutating func apply(_ update: StateUpdate) {
    switch update.contents {
    case .everything(let entries):
      self = CatalogueSnapshot()
      load(entries)
    case .changes(let put, let deleted):
      for key in deleted { remove(key) }
      // An import brings thousands.
      for entry in put { remove(entry.key) }
      if put.count > 100 { load(put) } else { for entry in put { add(entry) } }
    }
    revision = update.revision
  }

  private mutating func load(_ entries: [StateEntry]) {
    for entry in entries { add(entry, isSorting: false) }
    hosts.sort()
    groups.sort()
    templates.sort()
  }

  private mutating func add(_ entry: StateEntry, isSorting: Bool = true) {
    guard let (kind, name) = RecordKind.record(entry.key) else { return }
    do throws(JSONMistake) {
      switch kind {
      case .host:
        let host = Host(
          id: name, parameters: try JSONParser.parameters(entry.value), revision: entry.revision)
        hosts.set(name, to: host, isSorting: isSorting)
        byMAC.add(host.id, for: host.macs)
        byUUID.add(host.id, for: host.uuids)
      case .group:
        let group = Group(
          name: name, parameters: try JSONParser.parameters(entry.value), revision: entry.revision)
        groups.set(name, to: group, isSorting: isSorting)
      case .template:
        let template = Template(name: name, bytes: entry.value, revision: entry.revision)
        templates.set(name, to: template, isSorting: isSorting)
      }
    } catch {
      damaged[entry.key] = error.description
    }
  }

  private mutating func remove(_ key: String) {
    damaged[key] = nil
    guard let (kind, name) = RecordKind.record(key) else { return }
    switch kind {
    case .host:
      guard let host = hosts.remove(name) else { return }
      byMAC.remove(host.id, for: host.macs)
      byUUID.remove(host.id, for: host.uuids)
    case .group: _ = groups.remove(name)
    case .template: _ = templates.remove(name)
    }
  }
}
