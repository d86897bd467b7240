/// Inventory: the tables, version by version. A version that was released is never changed.

import GRDB

enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("v1") { db in try db.execute(sql: v1) }
    migrator.registerMigration("v2") { db in try db.execute(sql: v2) }
    return migrator
  }

  /// "Fino" in ASCII, where SQLite keeps whose file it is.
  static let applicationID = 0x4669_6e6f

  /// True for a database that has tables and not our mark.
  static func isForeign(_ db: Database) throws -> Bool {
    let mark = try Int.fetchOne(db, sql: "PRAGMA application_id")
    let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema")
    return mark != applicationID && tables != 0
  }

  /// Times are seconds since 1970. A job is a JSON object (JobRecord); `mac` and `live` repeat it.
  private static let v1 = """
    PRAGMA application_id = \(applicationID);

    CREATE TABLE job (
      id INTEGER PRIMARY KEY,
      mac TEXT NOT NULL,
      live INTEGER NOT NULL,
      record TEXT NOT NULL
    );
    CREATE INDEX job_live ON job (live, id);

    CREATE TABLE boot (
      id INTEGER PRIMARY KEY,
      mac TEXT,
      address TEXT,
      started REAL NOT NULL,
      last REAL NOT NULL,
      phase TEXT NOT NULL,
      events INTEGER NOT NULL
    );
    CREATE INDEX boot_mac ON boot (mac, id);

    CREATE TABLE event (
      id INTEGER PRIMARY KEY,
      boot INTEGER NOT NULL REFERENCES boot (id) ON DELETE CASCADE,
      kind TEXT NOT NULL,
      mac TEXT,
      address TEXT,
      at REAL NOT NULL,
      text TEXT NOT NULL,
      details TEXT NOT NULL
    );
    CREATE INDEX event_boot ON event (boot, id);
    """

  /// Hosts, groups and templates. A value that is NULL was deleted at that revision. The clock has
  /// the last revision, and the one up to which deletions are forgotten.
  private static let v2 = """
    CREATE TABLE state (
      key TEXT PRIMARY KEY NOT NULL,
      revision INTEGER NOT NULL,
      value BLOB
    );
    CREATE INDEX state_revision ON state (revision);
    CREATE INDEX state_deleted ON state (revision) WHERE value IS NULL;

    CREATE TABLE state_clock (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      revision INTEGER NOT NULL,
      forgotten INTEGER NOT NULL
    );
    INSERT INTO state_clock VALUES (1, 0, 0);
    """
}
