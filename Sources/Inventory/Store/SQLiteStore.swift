/// Inventory: the state on disk; the only files of the program that know SQL are in this folder.

import Foundation
import GRDB

/// `fino.db`: write-ahead log, each commit on the disk before it returns. Its calls block.
final class SQLiteStore: Sendable {
  let path: String
  private let pool: DatabasePool

  private init(path: String, pool: DatabasePool) {
    self.path = path
    self.pool = pool
  }

  static func open(directory: String) throws(InventoryError) -> SQLiteStore {
    let path = try StateFile.prepare(directory: directory)
    do {
      var configuration = Configuration()
      configuration.busyMode = .timeout(5)
      let pool = try DatabasePool(path: path, configuration: configuration)
      // GRDB chooses NORMAL for a write-ahead log, which forgets the last commits at a power cut.
      try pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
      let store = SQLiteStore(path: path, pool: pool)
      try store.migrate()
      return store
    } catch let error as InventoryError {
      throw error
    } catch let error as DatabaseError
      where [.SQLITE_NOTADB, .SQLITE_CORRUPT].contains(error.resultCode)
    {
      throw .notADatabase(path: path)
    } catch {
      throw .cannotUse(path: directory, reason: Self.reason(error))
    }
  }

  private func migrate() throws {
    let migrator = Schema.migrator
    let (isForeign, isNewer) = try pool.read { db in
      (try Schema.isForeign(db), try migrator.hasBeenSuperseded(db))
    }
    if isForeign { throw InventoryError.foreignDatabase(path: path) }
    if isNewer { throw InventoryError.newerVersion(path: path) }
    try migrator.migrate(pool)
  }

  func read<T>(_ query: (Database) throws -> T) throws(InventoryError) -> T {
    do {
      return try pool.read(query)
    } catch {
      throw .storeFailed(path: path, reason: Self.reason(error))
    }
  }

  /// One transaction.
  func write(_ change: (Database) throws -> Void) throws(InventoryError) {
    do {
      try pool.write(change)
    } catch {
      throw .storeFailed(path: path, reason: Self.reason(error))
    }
  }

  /// Without the SQL and its values, which may be anybody's.
  private static func reason(_ error: any Error) -> String {
    switch error {
    case let error as DatabaseError: error.message ?? "\(error.resultCode)"
    case InventoryError.storeFailed(_, let reason): reason
    case let error as DecodingError: "a record can't be understood (\(error))"
    default: "\(error)"
    }
  }
}
