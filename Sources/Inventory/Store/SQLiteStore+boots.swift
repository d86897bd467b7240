/// Inventory: boots and their events in SQLite.

import Foundation
import GRDB
import Jinja
import Wire

extension SQLiteStore {
  func lastBootID() throws(InventoryError) -> Int {
    try read { db in try Int.fetchOne(db, sql: "SELECT max(id) FROM boot") ?? 0 }
  }

  func lastEventID() throws(InventoryError) -> Int {
    try read { db in try Int.fetchOne(db, sql: "SELECT max(id) FROM event") ?? 0 }
  }

  /// The last boot of each machine, oldest first.
  func recentBoots() throws(InventoryError) -> [RunningBoot] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM boot
          WHERE id IN (SELECT max(id) FROM boot GROUP BY coalesce(mac, address)) ORDER BY id
          """
      ).map(Self.runningBoot)
    }
  }

  /// The latest first.
  func boots(mac: MACAddress?, limit: Int) throws(InventoryError) -> [Boot] {
    try read { db in
      let rows = try Row.fetchAll(
        db,
        sql: "SELECT * FROM boot \(mac == nil ? "" : "WHERE mac = ?") ORDER BY id DESC LIMIT ?",
        arguments: (mac.map { [$0.description] } ?? []) + [max(0, limit)])
      return try rows.map { try Self.story(Self.runningBoot($0), db) }
    }
  }

  func boot(_ id: Int) throws(InventoryError) -> Boot? {
    try read { db in
      let row = try Row.fetchOne(db, sql: "SELECT * FROM boot WHERE id = ?", arguments: [id])
      return try row.map { try Self.story(Self.runningBoot($0), db) }
    }
  }

  func append(_ batch: EventBatch, settings: InventorySettings) throws(InventoryError) {
    try write { db in
      for boot in batch.boots.values { try Self.save(boot, db) }
      try Self.insert(batch.events, db)
      for (former, boot) in batch.adoptions { try Self.adopt(former, into: boot, db) }
      for mac in batch.begunBy { try Self.prune(mac, keeping: settings.bootsKept, db) }
      try Self.pruneFruitless(batch.begunIDs, keeping: settings.fruitlessBootsKept, db)
      try Self.pruneEvents(batch.events, keeping: settings.eventsKept, db)
    }
  }

  private static func save(_ boot: RunningBoot, _ db: Database) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO boot (id, mac, address, started, last, phase, events)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET mac = excluded.mac, address = excluded.address,
          started = excluded.started, last = excluded.last, phase = excluded.phase,
          events = excluded.events
        """
    ).execute(arguments: [
      boot.id, boot.mac?.description, boot.address?.description,
      boot.startedAt.timeIntervalSince1970, boot.lastAt.timeIntervalSince1970,
      boot.phase.rawValue, boot.eventCount,
    ])
  }

  private static func insert(_ events: [BootEvent], _ db: Database) throws {
    let insert = try db.cachedStatement(
      sql: """
        INSERT INTO event (id, boot, kind, mac, address, at, text, details)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        """)
    for event in events {
      try insert.execute(arguments: [
        event.id, event.boot, event.kind.rawValue, event.mac?.description,
        event.address?.description, event.at.timeIntervalSince1970, event.text,
        details(event),
      ])
    }
  }

  /// In one line, the keys sorted.
  private static func details(_ event: BootEvent) -> String {
    var details = Parameters()
    for (key, value) in event.details.sorted(by: { $0.key < $1.key }) {
      details[key] = .string(value)
    }
    return JSONWriter.text(.dict(details))
  }

  private static func adopt(_ former: Int, into boot: Int, _ db: Database) throws {
    try db.execute(
      sql: """
        UPDATE event SET boot = :boot, mac = coalesce(mac, (SELECT mac FROM boot WHERE id = :boot))
        WHERE boot = :former
        """, arguments: ["boot": boot, "former": former])
    try db.execute(sql: "DELETE FROM boot WHERE id = ?", arguments: [former])
  }

  private static func prune(_ mac: MACAddress, keeping count: Int, _ db: Database) throws {
    try db.cachedStatement(
      sql: """
        DELETE FROM boot WHERE mac = :mac AND id <=
          (SELECT id FROM boot WHERE mac = :mac ORDER BY id DESC LIMIT 1 OFFSET :count)
        """
    ).execute(arguments: ["mac": mac.description, "count": max(1, count)])
  }

  /// A flood of invented machines must not push out the stories of real ones: boots that ended in DHCP
  /// have room of their own. Looked at once in a while, because it reads as many rows as are kept.
  private static func pruneFruitless(
    _ begun: [Int], keeping count: Int, _ db: Database
  ) throws {
    let step = max(1, count / 20)
    guard begun.contains(where: { $0.isMultiple(of: step) }) else { return }
    try db.execute(
      sql: """
        DELETE FROM boot WHERE phase = :phase AND id <=
          (SELECT id FROM boot WHERE phase = :phase ORDER BY id DESC LIMIT 1 OFFSET :count)
        """, arguments: ["phase": RunningBoot.Phase.dhcp.rawValue, "count": max(1, count)])
  }

  /// The oldest beyond `count`, and the boots that they leave empty; looked at for every hundredth of
  /// `count`.
  private static func pruneEvents(
    _ added: [BootEvent], keeping count: Int, _ db: Database
  ) throws {
    let step = max(1, count / 100)
    guard let first = added.first?.id, let last = added.last?.id,
      (first - 1) / step != last / step,
      let id = try Int.fetchOne(
        db, sql: "SELECT id FROM event ORDER BY id DESC LIMIT 1 OFFSET ?",
        arguments: [max(0, count)])
    else { return }
    let boots = try Int.fetchAll(
      db, sql: "SELECT DISTINCT boot FROM event WHERE id <= ?", arguments: [id])
    try db.execute(sql: "DELETE FROM event WHERE id <= ?", arguments: [id])
    for boot in boots {
      try db.cachedStatement(
        sql: """
          DELETE FROM boot WHERE id = :boot AND NOT EXISTS (SELECT 1 FROM event WHERE boot = :boot)
          """
      ).execute(arguments: ["boot": boot])
    }
  }

  private static func runningBoot(_ row: Row) -> RunningBoot {
    RunningBoot(
      id: row["id"], mac: (row["mac"] as String?).flatMap { MACAddress($0) },
      address: (row["address"] as String?).flatMap { IPAddress($0) },
      startedAt: Date(timeIntervalSince1970: row["started"]),
      lastAt: Date(timeIntervalSince1970: row["last"]),
      phase: RunningBoot.Phase(rawValue: row["phase"]) ?? .handedOver, eventCount: row["events"])
  }

  private static func story(_ boot: RunningBoot, _ db: Database) throws -> Boot {
    let rows = try Row.fetchAll(
      db, sql: "SELECT * FROM event WHERE boot = ? ORDER BY id", arguments: [boot.id])
    let events = try rows.map { row in
      BootEvent(
        id: row["id"], boot: row["boot"], kind: BootEventKind(rawValue: row["kind"]),
        mac: (row["mac"] as String?).flatMap { MACAddress($0) },
        address: (row["address"] as String?).flatMap { IPAddress($0) },
        at: Date(timeIntervalSince1970: row["at"]), text: row["text"],
        details: try JSONDecoder().decode(
          [String: String].self, from: Data((row["details"] as String).utf8)))
    }
    return Boot(
      id: boot.id, mac: boot.mac, address: boot.address, startedAt: boot.startedAt,
      lastAt: boot.lastAt, events: events)
  }
}
