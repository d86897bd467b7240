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
  /// Others for other hosts.
  private var columns = ParameterColumns()

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

  /// Whether a host has this MAC address or this UUID. No text is made for it: a flood asks.
  func knows(_ mac: MACAddress, _ uuid: SystemUUID?) -> Bool {
    byMAC[mac] != nil || uuid.map { byUUID[$0] != nil } == true
  }

  /// The ids of all hosts that a filter finds, in order, as a list in JSON.
  package func hosts(matching filter: HostFilter) -> [UInt8] {
    guard let first = filter.conditions.first else { return hosts.json }
    let others = HostFilter(Array(filter.conditions.dropFirst()))
    let places = columns.places(where: first, in: hosts.records).filter { place in
      others.matches(hosts.records[place].parameters)
    }
    return hosts.json(at: places)
  }

  mutating func apply(_ update: StateUpdate) {
    switch update.contents {
    case .everything(let entries):
      self = CatalogueSnapshot()
      load(entries)
    case .changes(let put, let deleted):
      for key in deleted { remove(key) }
      if update.isSmall {
        for entry in put { add(entry) }
      } else {
        for entry in put { remove(entry.key) }
        load(put)
      }
    }
    columns = ParameterColumns()
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
        if let former = hosts.set(name, to: host, isSorting: isSorting) { leaveIndexes(former) }
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
      damaged[entry.key] = nil
    } catch {
      if isSorting { remove(entry.key) }
      damaged[entry.key] = error.description
    }
  }

  private mutating func remove(_ key: String) {
    damaged[key] = nil
    guard let (kind, name) = RecordKind.record(key) else { return }
    switch kind {
    case .host:
      if let former = hosts.remove(name) { leaveIndexes(former) }
    case .group: _ = groups.remove(name)
    case .template: _ = templates.remove(name)
    }
  }

  private mutating func leaveIndexes(_ host: Host) {
    byMAC.remove(host.id, for: host.macs)
    byUUID.remove(host.id, for: host.uuids)
  }
}

extension StateUpdate {
  /// An import brings thousands, which are sorted once.
  var isSmall: Bool {
    switch contents {
    case .everything: false
    case .changes(let put, let deleted): put.count + deleted.count <= 100
    }
  }
}
