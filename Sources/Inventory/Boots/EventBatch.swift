/// Inventory: events and boots that are not on disk yet.

import Wire

struct EventBatch: Sendable {
  private(set) var events: [BootEvent] = []
  /// The boots that changed, as they are now.
  private(set) var boots: [Int: RunningBoot] = [:]
  /// Boots that became a part of another: what they were, and what they are in.
  private(set) var adoptions: [(from: Int, into: Int)] = []
  /// Boots that began.
  private(set) var begunIDs: [Int] = []
  /// Their machines, which may have too many now.
  private(set) var begunBy: Set<MACAddress> = []

  var isEmpty: Bool { events.isEmpty }

  mutating func add(_ event: BootEvent, _ placement: BootGrouping.Placement) {
    events.append(event)
    boots[placement.boot.id] = placement.boot
    if placement.begins {
      begunIDs.append(placement.boot.id)
      if let mac = placement.boot.mac { begunBy.insert(mac) }
    }
    if let former = placement.adopts {
      adoptions.append((from: former, into: placement.boot.id))
      boots[former] = nil
      events = events.map { $0.boot == former ? $0.moved(to: placement.boot) : $0 }
    }
  }

  /// Drops the oldest; answers how many.
  mutating func trim(to limit: Int) -> Int {
    let excess = max(0, events.count - limit)
    events.removeFirst(excess)
    adoptions.removeFirst(max(0, adoptions.count - limit))
    let named = Set(events.map(\.boot) + adoptions.map(\.into))
    boots = boots.filter { named.contains($0.key) }
    begunIDs.removeAll { !named.contains($0) }
    begunBy = Set(boots.values.compactMap(\.mac)).intersection(begunBy)
    return excess
  }

  /// `stored`, with what is only here.
  func added(to stored: [Boot], mac: MACAddress?, limit: Int) -> [Boot] {
    var stories = Dictionary(stored.map { ($0.id, $0) }) { first, _ in first }
    for (former, _) in adoptions { stories[former] = nil }
    for (id, boot) in boots where mac == nil || boot.mac == mac {
      let earlier = stories[id]?.events ?? []
      stories[id] = Boot(
        id: id, mac: boot.mac, address: boot.address, startedAt: boot.startedAt,
        lastAt: boot.lastAt, events: earlier + events.filter { $0.boot == id })
    }
    return Array(stories.values.sorted { $0.id > $1.id }.prefix(limit))
  }
}

extension BootEvent {
  fileprivate func moved(to boot: RunningBoot) -> BootEvent {
    BootEvent(
      id: id, boot: boot.id, kind: kind, mac: mac ?? boot.mac, address: address, at: at, text: text,
      details: details)
  }
}
