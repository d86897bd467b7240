/// Inventory: jobs in SQLite.

import Foundation
import GRDB
import Wire

extension SQLiteStore {
  func liveJobs() throws(InventoryError) -> [ReimageJob] {
    try jobs("WHERE live = 1 ORDER BY id")
  }

  /// The latest first.
  func endedJobs() throws(InventoryError) -> [ReimageJob] {
    try jobs("WHERE live = 0 ORDER BY id DESC")
  }

  func job(_ id: Int) throws(InventoryError) -> ReimageJob? {
    try jobs("WHERE id = ?", [id]).first
  }

  /// 0 when there never was one. The latest job is never pruned, so ids are never used twice.
  func lastJobID() throws(InventoryError) -> Int {
    try read { db in try Int.fetchOne(db, sql: "SELECT max(id) FROM job") ?? 0 }
  }

  /// All of them or none.
  func save(_ jobs: [ReimageJob], endedJobsKept: Int) throws(InventoryError) {
    try write { db in
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let insert = try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO job (id, mac, live, record) VALUES (?, ?, ?, ?)")
      for job in jobs {
        let record = String(decoding: try encoder.encode(JobRecord(job)), as: UTF8.self)
        try insert.execute(arguments: [job.id, job.mac.description, job.isLive, record])
      }
      try db.execute(
        sql: """
          DELETE FROM job WHERE live = 0 AND id < (SELECT max(id) FROM job) AND id <=
            (SELECT id FROM job WHERE live = 0 ORDER BY id DESC LIMIT 1 OFFSET ?)
          """, arguments: [max(1, endedJobsKept)])
    }
  }

  private func jobs(
    _ condition: String, _ arguments: StatementArguments = []
  ) throws(InventoryError) -> [ReimageJob] {
    try read { db in
      let records = try String.fetchAll(
        db, sql: "SELECT record FROM job \(condition)", arguments: arguments)
      return try records.map { text in
        guard let job = try JSONDecoder().decode(JobRecord.self, from: Data(text.utf8)).job else {
          throw InventoryError.storeFailed(
            path: path, reason: "a job in it can't be understood: \(text.prefix(80))")
        }
        return job
      }
    }
  }
}
