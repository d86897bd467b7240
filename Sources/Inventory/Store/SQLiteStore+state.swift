/// Inventory: keys, values and revisions in SQLite.

import Foundation
import GRDB

extension SQLiteStore {
  /// Deletions are remembered for those who watch, up to this many.
  static let deletionsKept = 1000

  func entry(_ key: String) throws(InventoryError) -> StateEntry? {
    try read { db in
      let row = try Row.fetchOne(
        db, sql: "SELECT * FROM state WHERE key = ? AND value IS NOT NULL", arguments: [key])
      return row.flatMap(Self.entry)
    }
  }

  func entries(prefix: String) throws(InventoryError) -> [StateEntry] {
    try read { db in try Self.entries(prefix, db) }
  }

  /// Everything, and the revision at which it was read.
  func everything(prefix: String) throws(InventoryError) -> StateUpdate {
    try read { db in
      StateUpdate(
        revision: try Self.clock(db).revision, contents: .everything(try Self.entries(prefix, db)))
    }
  }

  /// What changed after a revision; nil where nothing did.
  func changes(prefix: String, after revision: Int) throws(InventoryError) -> StateUpdate? {
    try read { db in
      let clock = try Self.clock(db)
      if clock.revision == revision { return nil }
      // Deletions that are forgotten can't be told, nor what a state put back from a copy lost.
      guard clock.forgotten <= revision, revision < clock.revision else {
        return StateUpdate(
          revision: clock.revision, contents: .everything(try Self.entries(prefix, db)))
      }
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM state
          WHERE revision > :revision AND substr(key, 1, length(:prefix)) = :prefix
          ORDER BY revision, key
          """, arguments: ["revision": revision, "prefix": prefix])
      let deleted = rows.filter { $0.hasNull(atIndex: 2) }.map { $0["key"] as String }
      return StateUpdate(
        revision: clock.revision,
        contents: .changes(put: rows.compactMap(Self.entry), deleted: deleted))
    }
  }

  func apply(_ changes: [StateChange]) throws(StateError) -> Int {
    var revision = 0
    var conflict: StateError?
    do throws(InventoryError) {
      try write { db in
        for change in changes {
          let found = try Int.fetchOne(
            db, sql: "SELECT revision FROM state WHERE key = ? AND value IS NOT NULL",
            arguments: [change.key])
          if !change.expected.allows(found) {
            conflict = .conflict(key: change.key, found: found)
            throw CancellationError()
          }
        }
        revision = try Self.clock(db).revision + 1
        for change in changes { try Self.apply(change, revision, db) }
        try db.execute(sql: "UPDATE state_clock SET revision = ?", arguments: [revision])
        try Self.forgetDeletions(db)
      }
    } catch {
      throw conflict ?? .unavailable(error)
    }
    return revision
  }

  private static func apply(_ change: StateChange, _ revision: Int, _ db: Database) throws {
    let sql =
      if change.value == nil {
        "UPDATE state SET revision = ?, value = ? WHERE key = ? AND value IS NOT NULL"
      } else {
        """
        INSERT INTO state (revision, value, key) VALUES (?, ?, ?) ON CONFLICT (key)
        DO UPDATE SET revision = excluded.revision, value = excluded.value
        """
      }
    try db.cachedStatement(sql: sql).execute(arguments: [
      revision, change.value.map { Data($0) }, change.key,
    ])
  }

  private static func forgetDeletions(_ db: Database) throws {
    let forgotten = try Int.fetchOne(
      db,
      sql: """
        SELECT revision FROM state WHERE value IS NULL ORDER BY revision DESC LIMIT 1 OFFSET ?
        """, arguments: [deletionsKept])
    guard let forgotten else { return }
    try db.execute(
      sql: "DELETE FROM state WHERE value IS NULL AND revision <= ?", arguments: [forgotten])
    try db.execute(sql: "UPDATE state_clock SET forgotten = ?", arguments: [forgotten])
  }

  private static func clock(_ db: Database) throws -> (revision: Int, forgotten: Int) {
    let row = try Row.fetchOne(db, sql: "SELECT revision, forgotten FROM state_clock")
    return (row?["revision"] ?? 0, row?["forgotten"] ?? 0)
  }

  private static func entries(_ prefix: String, _ db: Database) throws -> [StateEntry] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT * FROM state
        WHERE value IS NOT NULL AND substr(key, 1, length(:prefix)) = :prefix ORDER BY key
        """, arguments: ["prefix": prefix]
    ).compactMap(entry)
  }

  /// nil for a deletion.
  private static func entry(_ row: Row) -> StateEntry? {
    guard let value = row["value"] as Data? else { return nil }
    return StateEntry(key: row["key"], value: Array(value), revision: row["revision"])
  }
}

extension StateExpectation {
  fileprivate func allows(_ found: Int?) -> Bool {
    switch self {
    case .anything: true
    case .absent: found == nil
    case .revision(let revision): found == revision
    }
  }
}
