/// InventoryTests: what can lie where the state should be.

import Foundation
import GRDB
import Testing
import Wire

@testable import Inventory

@Suite struct SQLiteStoreTests {
  let directory: StateDirectory

  init() throws { directory = try StateDirectory() }

  private func failure() -> String? {
    do throws(InventoryError) {
      _ = try Inventory.open(state: directory.state)
      return nil
    } catch {
      return error.description
    }
  }

  @Test func `a new state is its owner's alone`() async throws {
    // Held, so that SQLite's -wal and -shm files stay while they are looked at.
    let inventory = try directory.open()
    _ = try await inventory.jobs.createJob(request(), at: at(0))
    let names = try FileManager.default.contentsOfDirectory(atPath: directory.state)
    #expect(names.contains("fino.db"))
    for name in names {
      let attributes = try FileManager.default.attributesOfItem(
        atPath: directory.state + "/" + name)
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
    }
    await inventory.close()
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: directory.file)
    _ = try directory.open()
    let again = try FileManager.default.attributesOfItem(atPath: directory.file)
    #expect(again[.posixPermissions] as? Int == 0o600)
    let attributes = try FileManager.default.attributesOfItem(atPath: directory.state)
    #expect(attributes[.posixPermissions] as? Int == 0o700)
  }

  @Test func `every commit is on the disk`() throws {
    let store = try SQLiteStore.open(directory: directory.state)
    var pragmas: [String?] = []
    try store.write { db in
      pragmas = try ["synchronous", "journal_mode", "foreign_keys"].map { name in
        try String.fetchOne(db, sql: "PRAGMA \(name)")
      }
    }
    // 2 is FULL.
    #expect(pragmas == ["2", "wal", "1"])
  }

  @Test func `a path below a file is one sentence`() throws {
    try Data().write(to: URL(fileURLWithPath: directory.path + "/file"))
    #expect(throws: InventoryError.self) {
      try Inventory.open(state: directory.path + "/file/state")
    }
    do throws(InventoryError) {
      _ = try Inventory.open(state: directory.path + "/file/state")
    } catch {
      #expect(
        error.description == """
          The state can't be kept in \(directory.path)/file/state: \(directory.path)/file is not \
          a directory. Give a directory that can be written with --state.
          """)
    }
  }

  @Test func `a directory in the place of the file is one sentence`() throws {
    try FileManager.default.createDirectory(
      atPath: directory.file, withIntermediateDirectories: true)
    #expect(failure()?.contains("fino.db: Is a directory") == true)
  }

  @Test func `a file that is no database`() throws {
    try FileManager.default.createDirectory(
      atPath: directory.state, withIntermediateDirectories: true)
    let text = String(repeating: "This is a letter to my mother.\n", count: 200)
    try Data(text.utf8).write(to: URL(fileURLWithPath: directory.file))
    #expect(
      failure() == """
        The state file \(directory.file) is damaged or not a database. Put back a copy, or move \
        it away to start empty.
        """)
    #expect(try String(contentsOfFile: directory.file, encoding: .utf8) == text)
  }

  @Test func `a database with a torn head`() async throws {
    await (try directory.open()).close()
    let handle = try #require(FileHandle(forUpdatingAtPath: directory.file))
    try handle.write(contentsOf: Data(repeating: 0xaa, count: 4096))
    try handle.close()
    for suffix in ["-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: directory.file + suffix)
    }
    #expect(failure()?.contains("is damaged or not a database") == true)
  }

  @Test func `the database of another program`() throws {
    try directory.sql("CREATE TABLE cookies (id INTEGER)")
    #expect(failure()?.contains("belongs to another program") == true)
  }

  @Test func `a database of a newer version`() throws {
    _ = try directory.open()
    try directory.sql("INSERT INTO grdb_migrations VALUES ('v999')")
    #expect(failure()?.contains("was written by a newer version of Fino") == true)
  }

  @Test func `a job that can't be understood is named, not forgotten`() throws {
    _ = try directory.open()
    try directory.sql("INSERT INTO job VALUES (1, '52:54:00:aa:00:01', 1, '{\"id\":1}')")
    #expect(failure()?.contains("a record can't be understood") == true)
  }

  @Test func `the state of version 1`() async throws {
    try directory.sql(Self.version1)
    let inventory = try directory.open()
    let job = try #require(try await inventory.jobs.job(7))
    #expect(job.request == request())
    #expect(job.power == .succeeded("cycled"))
    #expect(job.latestLease?.client == addressA)
    #expect(job.latestLease?.fetched == [.kernel])
    await inventory.jobs.fetched(.initrd, of: "debian", by: addressA, at: at(70))
    #expect(try await inventory.jobs.claim(machineA, by: addressA, at: at(80)) == nil)
    #expect(try await inventory.jobs.createJob(request(machineB), at: at(90)).id == 8)

    let boot = try #require(try await inventory.boots.boot(3))
    #expect(boot.mac == machineA)
    #expect(boot.startedAt == at(0))
    #expect(boot.events.map(\.text).first == "It asks.")
    #expect(boot.events.first?.details == ["arch": "0"])
  }

  /// As version 1 wrote it. Never changed: states like this are in the field.
  static let version1 = """
    PRAGMA application_id = 1181314671;
    CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
    INSERT INTO grdb_migrations VALUES ('v1');
    CREATE TABLE job (
      id INTEGER PRIMARY KEY, mac TEXT NOT NULL, live INTEGER NOT NULL, record TEXT NOT NULL);
    CREATE INDEX job_live ON job (live, id);
    CREATE TABLE boot (
      id INTEGER PRIMARY KEY, mac TEXT, address TEXT, started REAL NOT NULL, last REAL NOT NULL,
      phase TEXT NOT NULL, events INTEGER NOT NULL);
    CREATE INDEX boot_mac ON boot (mac, id);
    CREATE TABLE event (
      id INTEGER PRIMARY KEY, boot INTEGER NOT NULL REFERENCES boot (id) ON DELETE CASCADE,
      kind TEXT NOT NULL, mac TEXT, address TEXT, at REAL NOT NULL, text TEXT NOT NULL,
      details TEXT NOT NULL);
    CREATE INDEX event_boot ON event (boot, id);
    INSERT INTO job VALUES (7, '52:54:00:aa:00:01', 1, '{"createdAt":1800000000,"id":7,\
    "kernelOptions":"console=ttyS0","lease":{"claims":[{"at":1800000060,"client":"10.77.0.50",\
    "fetched":["kernel"]}],"since":1800000060,"until":1800000660},"location":"debian",\
    "mac":"52:54:00:aa:00:01","obm":"10.77.1.1","parameters":{"role":"web"},"power":"succeeded",\
    "powerText":"cycled","state":"leased"}');
    INSERT INTO boot VALUES
      (3, '52:54:00:aa:00:01', '10.77.0.50', 1800000000, 1800000060, 'handedOver', 1);
    INSERT INTO event VALUES (12, 3, 'dhcp-discover', '52:54:00:aa:00:01', NULL, 1800000000,
      'It asks.', '{"arch":"0"}');
    """
}
